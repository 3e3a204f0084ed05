package io.godwit.lab.demo;

import io.godwit.api.FailoverReport;
import io.godwit.api.MoveReport;
import io.godwit.api.ReplicationMode;
import io.godwit.lab.client.ClientReport;
import java.util.List;
import java.util.Optional;

/**
 * What a demonstration found, as {@code --report} writes it; {@code docs/report.md} explains every key.
 *
 * @param serving the site at which the service runs in the end
 * @param server and {@code storage}, {@code network}, {@code timeline}: of the last move
 * @param gaps the client's longest gaps
 * @param unverifiedWrites acknowledged writes that could not be looked for in the end
 * @param moves all moves, in their order
 * @param recovery how the service came back after a site was lost
 * @param failover the site's own report of that
 */
public record DemoReport(
        int schema,
        String scenario,
        String outcome,
        String serving,
        Optional<String> reason,
        Optional<String> fault,
        Link link,
        ClientReport client,
        Gaps gaps,
        long unverifiedWrites,
        MoveReport.Server server,
        MoveReport.Storage storage,
        MoveReport.Network network,
        List<MoveReport.Moment> timeline,
        List<MoveReport> moves,
        Optional<FailoverReport.Recovery> recovery,
        Optional<FailoverReport> failover) {
    public static final int SCHEMA = 1;

    /** The longest times in which nothing came back, the longest first. */
    public record Gaps(List<Placed> tcp, List<Placed> udp) {}

    /**
     * A gap and its place in the story.
     *
     * @param atMillis when it began, since the first move did; negative before
     */
    public record Placed(long atMillis, double millis) {}

    public record Link(double rttMillis, double rateMbit, double lossPercent) {}

    /** The longest time for which a guest stood still. */
    long longestPauseMillis() {
        return moves.stream()
                .mapToLong(move -> move.server().pauseMillis())
                .max()
                .orElse(0);
    }

    /** Whether the last move took the service to where it was asked to. */
    boolean moved() {
        return moves.getLast().outcome() == MoveReport.Outcome.MIGRATED;
    }

    /** Whether the service moved as asked, every time, and nothing was lost. */
    boolean succeeded() {
        return moves.stream().allMatch(move -> move.outcome() == MoveReport.Outcome.MIGRATED) && unharmed();
    }

    /** Whether nothing that was acknowledged was lost against the promise, and both sides' memory and disks were found the same. */
    boolean unharmed() {
        boolean identical = moves.stream()
                .allMatch(move -> move.server().memoryIdentical().orElse(true)
                        && move.storage().identical().orElse(true));
        return (client.tcp().lostWrites() == 0 || givesUpWrites())
                && unverifiedWrites == 0
                && client.tcp().wrongReads() == 0
                && identical;
    }

    /** Whether the group was replicated asynchronously when its site was lost: then what was written last may be missing. */
    boolean givesUpWrites() {
        return failover.map(FailoverReport::copy)
                .filter(copy -> copy.mode() == ReplicationMode.Kind.ASYNC)
                .isPresent();
    }
}
