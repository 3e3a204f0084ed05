package io.godwit.volume.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The first phase of a connection: the client asks for options and chooses an export.
 *
 * <pre>
 * server: NBDMAGIC IHAVEOPT flags
 * client: flags
 *         ... STARTTLS, where the connection must have TLS; all that follows is protected by it
 * client: IHAVEOPT option length data      (as often as it likes)
 * server: replies to the option
 * client: ... GO or EXPORT_NAME            (transmission begins), or ABORT
 * </pre>
 */
final class Handshake {
    /** What was agreed. */
    record Agreement(NbdExport export, Framing framing, boolean blockStatus) {}

    /** What an option leads to. */
    private enum Next {
        ANOTHER_OPTION,
        TRANSMISSION,
        END
    }

    /** A client that asks for more options than this is not going to choose an export. */
    private static final int MAX_OPTIONS = 1000;

    private static final int EXPORT_NAME_PADDING_BYTES = 124;

    private final Inlet inlet;
    private final OptionReplies replies;
    private final Greeting greeting;
    private final Exports exports;
    private Framing framing = Framing.SIMPLE;
    private Optional<NbdExport> chosen = Optional.empty();
    /** The export for which block status was agreed on. */
    private Optional<NbdExport> blockStatusOf = Optional.empty();

    Handshake(Inlet inlet, OptionReplies replies, Greeting greeting, Exports exports) {
        this.inlet = inlet;
        this.replies = replies;
        this.greeting = greeting;
        this.exports = exports;
    }

    /** Returns what was agreed; empty if the client wants no transmission. */
    Optional<Agreement> run() throws IOException, InterruptedException {
        Next next = Next.ANOTHER_OPTION;
        for (int options = 0; next == Next.ANOTHER_OPTION && options < MAX_OPTIONS; options++) {
            Optional<ClientOption> option = ClientOption.take(inlet, replies);
            next = option.isPresent()
                    ? handle(option.get().number(), option.get().data())
                    : Next.END;
        }
        return next == Next.TRANSMISSION
                ? chosen.map(export -> new Agreement(export, framing, blockStatus(export)))
                : Optional.empty();
    }

    private Next handle(int option, ByteBuffer data) throws IOException, InterruptedException {
        return switch (option) {
            case NbdProtocol.OPT_EXPORT_NAME -> exportName(UTF_8.decode(data).toString());
            case NbdProtocol.OPT_ABORT -> {
                replies.acknowledge(option);
                yield Next.END;
            }
            case NbdProtocol.OPT_LIST -> list(data);
            case NbdProtocol.OPT_STARTTLS -> startTls();
            case NbdProtocol.OPT_INFO, NbdProtocol.OPT_GO -> choose(option, data);
            case NbdProtocol.OPT_STRUCTURED_REPLY -> structuredReply(data);
            case NbdProtocol.OPT_EXTENDED_HEADERS -> extendedHeaders(data);
            case NbdProtocol.OPT_LIST_META_CONTEXT, NbdProtocol.OPT_SET_META_CONTEXT -> metaContext(option, data);
            // Numbers from outside: any other is an option of a later version of the protocol.
            default -> refuse(option, NbdProtocol.REP_ERR_UNSUP, "this option is not offered");
        };
    }

    private Next exportName(String name) throws IOException, InterruptedException {
        if (framing == Framing.EXTENDED) {
            return Next.END;
        }
        chosen = exports.find(name);
        if (chosen.isEmpty()) {
            return Next.END;
        }
        int padding = greeting.padding() ? EXPORT_NAME_PADDING_BYTES : 0;
        replies.send(ByteBuffer.allocate(10 + padding)
                .putLong(chosen.get().disk().size().bytes())
                .putShort((short) transmissionFlags(chosen.get()))
                .position(10 + padding));
        return Next.TRANSMISSION;
    }

    private Next startTls() throws IOException {
        return greeting.encrypted()
                ? refuse(NbdProtocol.OPT_STARTTLS, NbdProtocol.REP_ERR_INVALID, "TLS has begun already")
                : refuse(
                        NbdProtocol.OPT_STARTTLS,
                        NbdProtocol.REP_ERR_POLICY,
                        "TLS is for TCP; this socket doesn't leave the host");
    }

    private Next list(ByteBuffer data) throws IOException {
        if (data.hasRemaining()) {
            return refuse(NbdProtocol.OPT_LIST, NbdProtocol.REP_ERR_INVALID, "LIST has no data");
        }
        for (NbdExport export : exports.all()) {
            byte[] name = export.name().getBytes(UTF_8);
            replies.reply(
                    NbdProtocol.OPT_LIST,
                    NbdProtocol.REP_SERVER,
                    ByteBuffer.allocate(4 + name.length).putInt(name.length).put(name));
        }
        return acknowledge(NbdProtocol.OPT_LIST);
    }

    private Next choose(int option, ByteBuffer data) throws IOException, InterruptedException {
        Optional<String> name = takeString(data);
        if (name.isEmpty() || data.remaining() < 2 || data.remaining() != 2 + 2 * (data.getShort() & 0xffff)) {
            return refuse(option, NbdProtocol.REP_ERR_INVALID, "the option's data is malformed");
        }
        Optional<NbdExport> export = exports.find(name.get());
        if (export.isEmpty()) {
            return refuse(option, NbdProtocol.REP_ERR_UNKNOWN, "there is no export '%s'".formatted(name.get()));
        }
        sendInformation(option, export.get(), data);
        replies.acknowledge(option);
        if (option == NbdProtocol.OPT_INFO) {
            return Next.ANOTHER_OPTION;
        }
        chosen = export;
        return Next.TRANSMISSION;
    }

    private void sendInformation(int option, NbdExport export, ByteBuffer wanted) throws IOException {
        replies.reply(
                option,
                NbdProtocol.REP_INFO,
                ByteBuffer.allocate(12)
                        .putShort((short) NbdProtocol.INFO_EXPORT)
                        .putLong(export.disk().size().bytes())
                        .putShort((short) transmissionFlags(export)));
        replies.reply(
                option,
                NbdProtocol.REP_INFO,
                ByteBuffer.allocate(14)
                        .putShort((short) NbdProtocol.INFO_BLOCK_SIZE)
                        .putInt(NbdProtocol.MIN_BLOCK_BYTES)
                        .putInt(NbdProtocol.PREFERRED_BLOCK_BYTES)
                        .putInt(NbdProtocol.MAX_REQUEST_BYTES));
        while (wanted.hasRemaining()) {
            if (wanted.getShort() == NbdProtocol.INFO_NAME) {
                byte[] name = export.name().getBytes(UTF_8);
                replies.reply(
                        option,
                        NbdProtocol.REP_INFO,
                        ByteBuffer.allocate(2 + name.length)
                                .putShort((short) NbdProtocol.INFO_NAME)
                                .put(name));
            }
        }
    }

    private Next structuredReply(ByteBuffer data) throws IOException {
        if (data.hasRemaining()) {
            return refuse(
                    NbdProtocol.OPT_STRUCTURED_REPLY, NbdProtocol.REP_ERR_INVALID, "STRUCTURED_REPLY has no data");
        }
        if (framing == Framing.EXTENDED) {
            return refuse(
                    NbdProtocol.OPT_STRUCTURED_REPLY,
                    NbdProtocol.REP_ERR_EXT_HEADER_REQD,
                    "extended headers were agreed on, which come instead of structured replies");
        }
        framing = Framing.STRUCTURED;
        return acknowledge(NbdProtocol.OPT_STRUCTURED_REPLY);
    }

    private Next extendedHeaders(ByteBuffer data) throws IOException {
        if (data.hasRemaining()) {
            return refuse(
                    NbdProtocol.OPT_EXTENDED_HEADERS, NbdProtocol.REP_ERR_INVALID, "EXTENDED_HEADERS has no data");
        }
        framing = Framing.EXTENDED;
        return acknowledge(NbdProtocol.OPT_EXTENDED_HEADERS);
    }

    private boolean blockStatus(NbdExport export) {
        return blockStatusOf.isPresent() && blockStatusOf.get().equals(export);
    }

    private int transmissionFlags(NbdExport export) {
        return export.transmissionFlags(framing, blockStatus(export));
    }

    private Next metaContext(int option, ByteBuffer data) throws IOException, InterruptedException {
        blockStatusOf = option == NbdProtocol.OPT_SET_META_CONTEXT ? Optional.empty() : blockStatusOf;
        Optional<String> name = takeString(data);
        Optional<MetaQueries> queries = MetaQueries.decode(data);
        if (!framing.chunked() || name.isEmpty() || queries.isEmpty()) {
            return refuse(
                    option,
                    NbdProtocol.REP_ERR_INVALID,
                    "agree on structured replies or extended headers first, and send whole queries");
        }
        Optional<NbdExport> export = exports.find(name.get());
        if (export.isEmpty()) {
            return refuse(option, NbdProtocol.REP_ERR_UNKNOWN, "there is no export '%s'".formatted(name.get()));
        }
        boolean listing = option == NbdProtocol.OPT_LIST_META_CONTEXT;
        if (queries.get().names(NbdProtocol.BASE_ALLOCATION, listing)) {
            byte[] context = NbdProtocol.BASE_ALLOCATION.getBytes(UTF_8);
            replies.reply(
                    option,
                    NbdProtocol.REP_META_CONTEXT,
                    ByteBuffer.allocate(4 + context.length)
                            .putInt(listing ? 0 : NbdProtocol.BASE_ALLOCATION_ID)
                            .put(context));
            blockStatusOf = listing ? blockStatusOf : export;
        }
        return acknowledge(option);
    }

    /** Takes a length and so many bytes of UTF-8; empty if they aren't all there. */
    static Optional<String> takeString(ByteBuffer data) {
        if (data.remaining() < 4) {
            return Optional.empty();
        }
        int length = data.getInt();
        if (length < 0 || length > Math.min(data.remaining(), NbdProtocol.MAX_NAME_BYTES)) {
            return Optional.empty();
        }
        byte[] text = new byte[length];
        data.get(text);
        return Optional.of(new String(text, UTF_8));
    }

    private Next acknowledge(int option) throws IOException {
        replies.acknowledge(option);
        return Next.ANOTHER_OPTION;
    }

    private Next refuse(int option, int error, String sentence) throws IOException {
        replies.refuse(option, error, sentence);
        return Next.ANOTHER_OPTION;
    }
}
