package io.godwit.core.posix;

import io.godwit.core.posix.Libc.Scratch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** One call to the C library: leaves the error number in the call state and returns a negative number on failure. */
interface NativeCall {
    long invoke(MemorySegment callState) throws Throwable;

    /**
     * Makes a call, again if a signal interrupted it.
     *
     * @param what the call's name
     * @param subject what it is made on
     * @throws ErrnoException if it fails
     */
    static long make(String what, Object subject, NativeCall call) throws IOException {
        MemorySegment state = Scratch.ofThread().callState();
        while (true) {
            long result;
            try {
                result = call.invoke(state);
            } catch (Throwable broken) {
                throw new LinkageError(what, broken);
            }
            if (result >= 0) {
                return result;
            }
            int errno = Libc.errno(state);
            if (errno != ErrnoException.EINTR) {
                throw new ErrnoException(what, subject, errno, Libc.meaning(errno));
            }
        }
    }
}
