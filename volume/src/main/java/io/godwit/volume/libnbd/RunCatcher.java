package io.godwit.volume.libnbd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Is called by libnbd with the runs of a block status, and keeps the first. */
@SuppressWarnings("restricted")
final class RunCatcher {
    private static final String CATCH = "first";

    private final MemorySegment callback;
    private long length;
    private int state;

    RunCatcher(Arena arena) {
        try {
            var method = MethodHandles.lookup()
                    .findVirtual(
                            RunCatcher.class,
                            CATCH,
                            MethodType.methodType(
                                    int.class,
                                    MemorySegment.class,
                                    MemorySegment.class,
                                    long.class,
                                    MemorySegment.class,
                                    long.class,
                                    MemorySegment.class));
            callback = arena.allocate(Libnbd.CALLBACK);
            callback.set(ADDRESS, 0, Linker.nativeLinker().upcallStub(method.bindTo(this), Libnbd.EXTENT, arena));
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("this class has lost its method", impossible);
        }
    }

    /** What is handed to libnbd. */
    MemorySegment callback() {
        length = 0;
        return callback;
    }

    /** Bytes of the run that was caught; 0 if none was. */
    long length() {
        return length;
    }

    /** The run's flags, as NBD's {@code base:allocation} defines them. */
    int state() {
        return state;
    }

    @SuppressWarnings("unused")
    private int first(
            MemorySegment nothing,
            MemorySegment context,
            long offset,
            MemorySegment entries,
            long count,
            MemorySegment error) {
        if (count >= 2) {
            MemorySegment run = entries.reinterpret(2 * JAVA_INT.byteSize());
            length = Integer.toUnsignedLong(run.getAtIndex(JAVA_INT, 0));
            state = run.getAtIndex(JAVA_INT, 1);
        }
        return 0;
    }
}
