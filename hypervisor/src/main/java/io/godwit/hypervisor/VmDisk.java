package io.godwit.hypervisor;

import io.godwit.core.DiskName;
import java.nio.file.Path;

/**
 * A guest's disk, served by NBD on a unix socket.
 *
 * @param name also the serial number that the guest sees, cut to 20 characters
 * @param export the name under which the server offers it
 */
public record VmDisk(DiskName name, Path nbdSocket, String export) {}
