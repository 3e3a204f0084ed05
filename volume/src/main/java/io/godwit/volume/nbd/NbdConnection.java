package io.godwit.volume.nbd;

import io.godwit.core.Deadline;
import io.godwit.volume.LogRecord;
import io.godwit.volume.nbd.Handshake.Agreement;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One client, from its handshake to its end.
 *
 * @param tls what its connection has to be protected with; nothing, where it comes from this host
 * @param mayUse asked when the client has chosen an export, which may have been removed meanwhile
 */
record NbdConnection(SocketChannel client, Optional<NbdTls> tls, Exports exports, Predicate<NbdExport> mayUse) {
    private static final System.Logger LOG = System.getLogger(NbdConnection.class.getName());
    private static final int INLET_BYTES = LogRecord.MAX_PAYLOAD_BYTES + (64 << 10);
    /** Whoever comes over the network has to have chosen an export by then. */
    private static final Duration INTRODUCTION = Duration.ofSeconds(20);
    /** So long a client may take to hear that the connection ends. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /** Serves the client until it goes away or the socket is closed. */
    void run() {
        try (client) {
            if (tls.isPresent()) {
                talkOverTls(tls.get());
            } else {
                Inlet inlet = new Inlet(client, INLET_BYTES);
                Optional<Greeting> greeting = Greeting.exchange(inlet, new OptionReplies(client));
                if (greeting.isPresent()) {
                    serve(inlet, client, choose(inlet, client, greeting.get()));
                }
            }
        } catch (IOException | InterruptedException gone) {
            LOG.log(System.Logger.Level.DEBUG, "an NBD client went away: {0}", gone.getMessage());
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "an NBD connection was ended", bug);
        }
    }

    private void talkOverTls(NbdTls security) throws IOException, InterruptedException {
        Inlet inlet;
        Optional<Agreement> agreement;
        TlsChannel channel;
        try (Deadline _ = Deadline.on(client, INTRODUCTION)) {
            Inlet plain = new Inlet(client, NbdProtocol.MAX_OPTION_BYTES);
            Optional<Greeting> greeting = new ForcedTls(plain, new OptionReplies(client)).agreed();
            if (greeting.isEmpty()) {
                return;
            }
            channel = security.accept(client);
            inlet = new Inlet(channel, INLET_BYTES);
            agreement = choose(inlet, channel, greeting.get());
        }
        serve(inlet, channel, agreement);
        try (Deadline _ = Deadline.on(client, GOODBYE)) {
            channel.close();
        }
    }

    private Optional<Agreement> choose(Inlet inlet, ByteChannel channel, Greeting greeting)
            throws IOException, InterruptedException {
        return new Handshake(inlet, new OptionReplies(channel), greeting, exports).run();
    }

    private void serve(Inlet inlet, ByteChannel channel, Optional<Agreement> agreement)
            throws IOException, InterruptedException {
        if (agreement.isPresent() && mayUse.test(agreement.get().export())) {
            Replies replies = new Replies(channel, agreement.get().framing());
            new Transmission(inlet, replies, agreement.get()).run();
        }
    }
}
