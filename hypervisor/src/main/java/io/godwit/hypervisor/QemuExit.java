package io.godwit.hypervisor;

import io.godwit.core.VmName;
import java.util.OptionalInt;

/**
 * The end of a QEMU process.
 *
 * @param exitCode absent when it wasn't started by this process
 * @param lastWords the end of what it wrote to its log
 */
public record QemuExit(VmName vm, long pid, OptionalInt exitCode, String lastWords) {}
