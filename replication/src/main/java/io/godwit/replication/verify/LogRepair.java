package io.godwit.replication.verify;

import io.godwit.core.Channel;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.LogDamage;
import io.godwit.volume.LogMend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Puts back what a closed store's log has lost to its disk, from the replica, whose log is the same. */
public final class LogRepair {
    private LogRepair() {}

    /**
     * What was done.
     *
     * @param records that were written again
     * @param from where the first of them begins
     * @param to where the log was damaged last
     */
    public record Outcome(int records, Position from, Position to) {}

    /**
     * Repairs all damage, or leaves what it can't repair.
     *
     * @param channel to the replica's {@link VerifyDesk}
     * @throws GodwitException NOT_FOUND if the replica hasn't got it any more, CONFLICT if it has another history
     */
    public static Outcome run(Path store, LogDamage first, Channel channel) throws IOException {
        VerifyCall replica = new VerifyCall(channel);
        int records = 0;
        LogDamage damage = first;
        while (true) {
            records += mend(store, damage, replica);
            Optional<LogDamage> next = LogDamage.find(store);
            if (next.isEmpty()) {
                return new Outcome(records, first.at().position(), damage.at().position());
            }
            requireProgress(damage, next.get());
            damage = next.get();
        }
    }

    private static int mend(Path store, LogDamage damage, VerifyCall replica) throws IOException {
        try {
            return LogMend.at(store, damage.at(), replica.records(damage.at()));
        } catch (PointEndedException unasked) {
            throw new GodwitException(ErrorCode.CORRUPT, "the replica spoke of a point: " + unasked.why(), unasked);
        }
    }

    private static void requireProgress(LogDamage before, LogDamage now) {
        if (now.at().position().compareTo(before.at().position()) <= 0) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "what the replica sent for %s was written and is not there"
                            .formatted(before.at().position()));
        }
    }
}
