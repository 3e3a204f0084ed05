package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * A site's answer to a hello or a request to pair: its protocol version, and a refusal unless it agrees. This layout is
 * the same in every version, so that sites of different versions can tell each other so.
 */
record Verdict(int version, Optional<GodwitException> refusal) {
    private static final int MAX_CODE_BYTES = 32;
    private static final int MAX_SENTENCE_BYTES = 1024;

    static Verdict accepted() {
        return new Verdict(Hello.VERSION, Optional.empty());
    }

    static Verdict refused(GodwitException refusal) {
        return new Verdict(Hello.VERSION, Optional.of(refusal));
    }

    void write(DataOutputStream out) throws IOException {
        out.writeShort(version);
        BoundedText.write(out, refusal.map(r -> r.code().name()).orElse(""), MAX_CODE_BYTES);
        BoundedText.write(out, refusal.map(GodwitException::sentence).orElse(""), MAX_SENTENCE_BYTES);
        out.flush();
    }

    static Verdict read(DataInputStream in) throws IOException {
        int version = in.readUnsignedShort();
        String code = BoundedText.read(in, MAX_CODE_BYTES);
        String sentence = BoundedText.read(in, MAX_SENTENCE_BYTES);
        return new Verdict(
                version, code.isEmpty() ? Optional.empty() : Optional.of(new GodwitException(codeOf(code), sentence)));
    }

    /** Throws the refusal, if it is one, with the name of who refused. */
    void require(String who) {
        if (refusal.isPresent()) {
            GodwitException refused = refusal.get();
            throw new GodwitException(refused.code(), "%s refused: %s".formatted(who, refused.sentence()));
        }
    }

    private static ErrorCode codeOf(String name) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return ErrorCode.FAILED;
    }
}
