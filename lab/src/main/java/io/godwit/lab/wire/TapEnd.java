package io.godwit.lab.wire;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One end of a wire: the user's side of a TAP device that lives in a network namespace. The device exists as long as
 * this is open, and vanishes with the process, however that ends.
 */
public final class TapEnd implements AutoCloseable {
    private static final long TUNSETIFF = 0x400454caL;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final short TAP_WITHOUT_PACKET_INFO = 0x0002 | 0x1000;
    private static final int READ_WRITE_NONBLOCKING = 02 | 04000 | 02000000;

    private final int descriptor;

    private TapEnd(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Makes a TAP device inside the namespace. */
    public static TapEnd open(Namespace namespace, String device) throws IOException {
        AtomicReference<TapEnd> opened = new AtomicReference<>();
        AtomicReference<IOException> failure = new AtomicReference<>();
        // Entering a namespace is for good, so it is done by a thread that ends with it.
        Thread visitor = Thread.ofPlatform().name("tap-" + device).start(() -> {
            try {
                namespace.enter();
                opened.set(new TapEnd(create(device)));
            } catch (IOException refused) {
                failure.set(refused);
            }
        });
        join(visitor);
        TapEnd end = opened.get();
        if (end == null) {
            throw new IOException(
                    "cannot make the TAP device %s in %s".formatted(device, namespace.name()), failure.get());
        }
        return end;
    }

    int descriptor() {
        return descriptor;
    }

    @Override
    public void close() throws IOException {
        LinuxCalls.close(descriptor);
    }

    private static int create(String device) throws IOException {
        int descriptor = LinuxCalls.open("/dev/net/tun", READ_WRITE_NONBLOCKING);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ_BYTES, 8);
            request.setString(0, device);
            request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, TAP_WITHOUT_PACKET_INFO);
            LinuxCalls.ioctl(descriptor, TUNSETIFF, request, "make the TAP device " + device);
            return descriptor;
        } catch (IOException refused) {
            LinuxCalls.close(descriptor);
            throw refused;
        }
    }

    private static void join(Thread visitor) throws IOException {
        try {
            visitor.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while making a TAP device", stopped);
        }
    }
}
