package io.godwit.memory;

import java.io.IOException;

/** Where the device state of a stopped guest comes from: QEMU, while the last round over its RAM goes on. */
@FunctionalInterface
public interface DeviceStateSource {
    byte[] save() throws IOException, InterruptedException;
}
