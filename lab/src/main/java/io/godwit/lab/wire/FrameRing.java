package io.godwit.lab.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Frames under way, in order, in one piece of memory outside the heap: a byte ring. Each frame has 16 bytes in front
 * (when it is due; its length; unused) and is padded to 8. A frame is never split: where it doesn't fit before the
 * ring's end, a length of -1 says that the next one is at the beginning. For one thread.
 */
final class FrameRing implements AutoCloseable {
    /** The longest frame that a wire takes: an IP packet of 9,000 bytes and its Ethernet header, with a VLAN tag. */
    static final int MAX_FRAME_BYTES = 9_018;

    private static final int HEADER_BYTES = 16;
    private static final int ENTRY_BYTES = HEADER_BYTES + MAX_FRAME_BYTES + 6;
    private static final int WRAPPED = -1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private long head;
    private long tail;
    private long used;
    private int frames;

    FrameRing(long capacityBytes) {
        memory = arena.allocate(Math.max(capacityBytes, 2L * ENTRY_BYTES) + 7 & ~7L, 8);
    }

    /** A ring with the frames that are under way in {@code old}, which is closed. It must not be smaller. */
    static FrameRing replacing(FrameRing old, long capacityBytes) {
        FrameRing ring = new FrameRing(Math.max(capacityBytes, old.capacityBytes()));
        while (old.frames > 0) {
            long at = old.first();
            long size = entrySize(old.firstLength());
            MemorySegment.copy(old.memory, at, ring.memory, ring.tail, size);
            ring.took(size);
            old.removeFirst();
        }
        old.close();
        return ring;
    }

    /** Frames under way. */
    int frames() {
        return frames;
    }

    long capacityBytes() {
        return memory.byteSize();
    }

    /** The address to which the next frame may be written, up to {@link #MAX_FRAME_BYTES}; 0 if there is no room. */
    long roomAddress() {
        if (frames == 0) {
            used = 0;
            head = 0;
            tail = 0;
        }
        long toEnd = memory.byteSize() - tail;
        boolean wrap = toEnd < ENTRY_BYTES;
        long needed = wrap ? toEnd + ENTRY_BYTES : ENTRY_BYTES;
        if (memory.byteSize() - used < needed) {
            return 0;
        }
        if (wrap) {
            skipToBeginning(toEnd);
        }
        return memory.address() + tail + HEADER_BYTES;
    }

    /** Takes the frame that was written to {@link #roomAddress}. */
    void add(long due, int length) {
        memory.set(ValueLayout.JAVA_LONG, tail, due);
        memory.set(ValueLayout.JAVA_INT, tail + 8, length);
        took(entrySize(length));
    }

    /** When the first frame is due; the ring must not be empty. */
    long firstDue() {
        return memory.get(ValueLayout.JAVA_LONG, first());
    }

    int firstLength() {
        return memory.get(ValueLayout.JAVA_INT, first() + 8);
    }

    long firstAddress() {
        return memory.address() + first() + HEADER_BYTES;
    }

    void removeFirst() {
        long at = first();
        long size = entrySize(memory.get(ValueLayout.JAVA_INT, at + 8));
        head = at + size;
        used -= size;
        frames--;
    }

    void clear() {
        frames = 0;
    }

    @Override
    public void close() {
        arena.close();
    }

    private void took(long size) {
        tail += size;
        used += size;
        frames++;
    }

    private void skipToBeginning(long toEnd) {
        if (toEnd >= HEADER_BYTES) {
            memory.set(ValueLayout.JAVA_INT, tail + 8, WRAPPED);
        }
        used += toEnd;
        tail = 0;
    }

    /** Where the first frame's header is; steps over the unused end of the ring. */
    private long first() {
        long toEnd = memory.byteSize() - head;
        if (toEnd < HEADER_BYTES || memory.get(ValueLayout.JAVA_INT, head + 8) == WRAPPED) {
            used -= toEnd;
            head = 0;
        }
        return head;
    }

    private static long entrySize(int length) {
        return HEADER_BYTES + (length + 7L & ~7L);
    }
}
