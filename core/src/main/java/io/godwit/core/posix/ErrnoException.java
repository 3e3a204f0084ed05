package io.godwit.core.posix;

import java.io.IOException;

/** A system call, or a command to a storage server, that failed: what it was, of what, and the error's number. */
public final class ErrnoException extends IOException {
    static final int EINTR = 4;
    private static final int ENXIO = 6;
    private static final int ENOSPC = 28;
    private static final int EOPNOTSUPP = 95;
    private static final int EDQUOT = 122;

    private final int errno;

    public ErrnoException(String call, Object subject, int errno, String meaning) {
        super("%s of %s: %s (errno %d)".formatted(call, subject, meaning, errno));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }

    /** The file system or the quota is full; there may be room again later. */
    public boolean noSpace() {
        return errno == ENOSPC || errno == EDQUOT;
    }

    /** The file system doesn't know this operation. */
    public boolean unsupported() {
        return errno == EOPNOTSUPP;
    }

    /** SEEK_DATA and SEEK_HOLE: there is none up to the end of the file. */
    boolean beyondEnd() {
        return errno == ENXIO;
    }
}
