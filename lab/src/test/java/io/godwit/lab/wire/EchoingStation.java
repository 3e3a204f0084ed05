package io.godwit.lab.wire;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;

/**
 * A machine behind a TAP device that sends every UDP packet back, as a VM with an echo server does. While it is
 * stopped, it holds the device open and reads nothing, as a stopped QEMU does.
 */
public final class EchoingStation implements AutoCloseable {
    private static final int HEADERS_BYTES = 14 + 20 + 8;

    private final TapEnd tap;
    private final Thread thread;
    private volatile boolean running;
    private volatile boolean closed;
    private volatile int echoed;

    public EchoingStation(Namespace place, String device) throws IOException {
        this.tap = TapEnd.open(place, device);
        this.thread =
                Thread.ofPlatform().daemon().name("station-" + place.name()).start(this::live);
    }

    public void resume() {
        running = true;
        LockSupport.unpark(thread);
    }

    /** Returns when it has stopped reading. */
    public synchronized void stop() {
        running = false;
    }

    public int echoed() {
        return echoed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                LockSupport.unpark(thread);
                thread.join(10);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        tap.close();
    }

    private void live() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = LinuxCalls.errnoPlace(arena);
            MemorySegment frame = arena.allocate(FrameRing.MAX_FRAME_BYTES, 8);
            while (!closed) {
                if (!echoOne(errno, frame)) {
                    LockSupport.parkNanos(100_000);
                }
            }
        }
    }

    private synchronized boolean echoOne(MemorySegment errno, MemorySegment frame) {
        if (!running) {
            return false;
        }
        long length = LinuxCalls.read(errno, tap.descriptor(), frame.address(), frame.byteSize());
        if (length < HEADERS_BYTES || frame.get(ValueLayout.JAVA_BYTE, 23) != 17) {
            return length >= 0;
        }
        swap(frame, 0, 6, 6);
        swap(frame, 26, 30, 4);
        swap(frame, 34, 36, 2);
        LinuxCalls.write(errno, tap.descriptor(), frame.address(), length);
        echoed = echoed + 1;
        return true;
    }

    /** Source and destination change places; the checksums stay right. */
    private static void swap(MemorySegment frame, long one, long other, int length) {
        for (int at = 0; at < length; at++) {
            byte kept = frame.get(ValueLayout.JAVA_BYTE, one + at);
            frame.set(ValueLayout.JAVA_BYTE, one + at, frame.get(ValueLayout.JAVA_BYTE, other + at));
            frame.set(ValueLayout.JAVA_BYTE, other + at, kept);
        }
    }
}
