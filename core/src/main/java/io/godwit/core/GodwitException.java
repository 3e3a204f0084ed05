package io.godwit.core;

/** An operating failure: a code for programs and a sentence that tells a person what was wrong, where, and what to do. */
public final class GodwitException extends RuntimeException {
    private final ErrorCode code;

    public GodwitException(ErrorCode code, String sentence) {
        super(sentence);
        this.code = code;
    }

    public GodwitException(ErrorCode code, String sentence, Throwable cause) {
        super(sentence, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }

    /** The sentence for people; never null. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
