package io.godwit.core;

/** What kind of failure a {@link GodwitException} reports; a program may branch on it, a person reads the sentence. */
public enum ErrorCode {
    /** The request itself is wrong; repeating it cannot help. */
    BAD_INPUT,
    /** What the request names does not exist here. */
    NOT_FOUND,
    /** The request is right but does not fit the present state. */
    CONFLICT,
    /** The requester's term is old: another site may write now. */
    FENCED,
    /** The other side did not prove who it is, or may not do this. */
    DENIED,
    /** The other side cannot be reached now; repeating may help. */
    UNREACHABLE,
    /** Storage or memory ran out. */
    NO_SPACE,
    /** Stored or received bytes are not what was written or agreed. */
    CORRUPT,
    /** This machine lacks something that is needed. */
    UNSUPPORTED,
    /** An operation was tried and failed. */
    FAILED;

    /** Whether the request was refused before anything was changed. */
    public boolean refused() {
        return switch (this) {
            case BAD_INPUT, NOT_FOUND, CONFLICT, DENIED, UNSUPPORTED -> true;
            case FENCED, UNREACHABLE, NO_SPACE, CORRUPT, FAILED -> false;
        };
    }
}
