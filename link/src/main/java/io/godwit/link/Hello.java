package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The first message on a channel, from the side that opens it, after TLS has proved who both are.
 *
 * <pre>
 *   u32 magic "GWLK" | u16 version | u8 kind | u16 length, group name (empty: none)
 * </pre>
 *
 * Magic and version stand first in every version; the other side answers with a {@link Verdict}.
 */
record Hello(ChannelKind kind, Optional<GroupName> group) {
    /** The version of everything that sites say to each other. Sites of different versions refuse each other. */
    static final int VERSION = 1;

    static final int MAGIC = 0x47574C4B;
    private static final int MAX_GROUP_BYTES = 32;

    void write(DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        out.writeShort(VERSION);
        out.writeByte(kind.code());
        BoundedText.write(out, group.map(GroupName::value).orElse(""), MAX_GROUP_BYTES);
        out.flush();
    }

    static Hello read(DataInputStream in) throws IOException {
        requireMagic(in, MAGIC, "no hello of a Godwit channel");
        requireVersion(in.readUnsignedShort());
        int code = in.readUnsignedByte();
        ChannelKind kind = ChannelKind.ofCode(code)
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.UNSUPPORTED, "channels of kind %d are not known here".formatted(code)));
        String group = new String(BoundedText.readBytes(in, MAX_GROUP_BYTES), StandardCharsets.UTF_8);
        return new Hello(kind, group.isEmpty() ? Optional.empty() : Optional.of(new GroupName(group)));
    }

    static void requireMagic(DataInputStream in, int magic, String otherwise) throws IOException {
        if (in.readInt() != magic) {
            throw new MalformedMessage(otherwise);
        }
    }

    static void requireVersion(int version) {
        if (version != VERSION) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "this site speaks version %d of the protocol between sites and the other version %d: install the same Godwit on both"
                            .formatted(VERSION, version));
        }
    }
}
