package io.godwit.volume.nbd;

import io.godwit.volume.LogRecord;
import io.godwit.volume.nbd.Handshake.Agreement;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One client, from its handshake to its end.
 *
 * @param mayUse asked when the client has chosen an export, which may have been removed meanwhile
 */
record NbdConnection(SocketChannel client, List<NbdExport> exports, Predicate<NbdExport> mayUse) {
    private static final System.Logger LOG = System.getLogger(NbdConnection.class.getName());
    private static final int INLET_BYTES = LogRecord.MAX_PAYLOAD_BYTES + (64 << 10);

    /** Serves the client until it goes away or the socket is closed. */
    void run() {
        try (client) {
            Inlet inlet = new Inlet(client, INLET_BYTES);
            Optional<Agreement> agreement = new Handshake(inlet, client, exports).run();
            if (agreement.isPresent() && mayUse.test(agreement.get().export())) {
                Replies replies = new Replies(client, agreement.get().framing());
                new Transmission(inlet, replies, agreement.get()).run();
            }
        } catch (IOException | InterruptedException gone) {
            LOG.log(System.Logger.Level.DEBUG, "an NBD client went away: {0}", gone.getMessage());
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "an NBD connection was ended", bug);
        }
    }
}
