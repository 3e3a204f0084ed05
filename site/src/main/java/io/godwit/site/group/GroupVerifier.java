package io.godwit.site.group;

import io.godwit.api.ApiRequest;
import io.godwit.api.VerifyReport;
import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.link.ChannelKind;
import io.godwit.link.PeerChannel;
import io.godwit.replication.Replica;
import io.godwit.replication.verify.Verification;
import io.godwit.replication.verify.VerifyDesk;
import io.godwit.replication.verify.VerifyProgress;
import io.godwit.replication.verify.VerifyResult;
import io.godwit.volume.DiskRange;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Compares both sites' copies of a group, at the site where it runs, and answers the other site's comparisons. */
public final class GroupVerifier {
    /** No answer takes so long: at the slowest rate a part is read in a quarter of it. */
    private static final Duration SILENCE = Duration.ofSeconds(90);

    private final GroupAgent agent;

    public GroupVerifier(GroupAgent agent) {
        this.agent = agent;
    }

    /** Is told how far it is; fails once nobody listens any more. */
    public interface Listener {
        void tell(VerifyReport.Progress progress) throws IOException;
    }

    /** Compares, on a thread that leaves the processors to guests; returns when that is done, or the listener is gone. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // The launcher maps it to a nice value; where it isn't heeded nothing is wrong.
    public VerifyReport verify(ApiRequest.Verify request, Listener listener) throws IOException, InterruptedException {
        Serving serving = requireComparable();
        FutureTask<VerifyReport> work = new FutureTask<>(() -> compare(serving, request, listener));
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("verify-" + agent.name())
                .priority(Thread.MIN_PRIORITY)
                .start(work);
        try {
            return work.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case GodwitException refused -> throw refused;
                case UncheckedIOException gone -> throw gone.getCause();
                case IOException broken -> throw broken;
                case null, default -> throw new IllegalStateException(failed);
            }
        } finally {
            thread.join();
        }
    }

    private Serving requireComparable() {
        if (!(agent.role() instanceof Serving serving)) {
            throw GroupAgent.refusal("group %s runs at %s: ask that site to compare it"
                    .formatted(agent.name(), agent.record().owner()));
        }
        if (agent.move().filter(move -> !move.hasEnded()).isPresent()) {
            throw GroupAgent.refusal(
                    "group %s is being moved, which compares its disks by itself".formatted(agent.name()));
        }
        if (!serving.replicator().status().seeded()) {
            throw GroupAgent.refusal("there is no complete replica of group %s within reach: see `godwit status %s`"
                    .formatted(agent.name(), agent.name()));
        }
        return serving;
    }

    private VerifyReport compare(Serving serving, ApiRequest.Verify request, Listener listener)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (PeerChannel channel =
                agent.site().linkTo(agent.peer()).open(ChannelKind.VERIFY, Optional.of(agent.name()))) {
            channel.readTimeout(SILENCE);
            try (Verification verification = new Verification(
                    serving.store(),
                    channel,
                    request.bytesPerSecond().bytes(),
                    request.repair() ? Optional.of(serving.replicator()) : Optional.empty(),
                    progress -> tell(progress, began, listener))) {
                return report(verification.run(), began);
            }
        }
    }

    private static void tell(VerifyProgress progress, long began, Listener listener) {
        long millis = millisSince(began);
        long left = progress.totalBytes() - progress.doneBytes();
        double share = progress.doneBytes() == 0 ? 0 : (double) left / progress.doneBytes();
        try {
            listener.tell(new VerifyReport.Progress(
                    new ByteCount(progress.doneBytes()),
                    new ByteCount(progress.totalBytes()),
                    new ByteCount(progress.readBytes()),
                    new ByteCount(progress.differingBytes()),
                    progress.at(),
                    (long) (millis * share)));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static long millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1_000_000;
    }

    private VerifyReport report(VerifyResult result, long began) {
        return new VerifyReport(
                agent.name(),
                result.from(),
                result.to(),
                new ByteCount(result.totalBytes()),
                new ByteCount(result.readBytes()),
                extents(result.differing()),
                new ByteCount(result.differingBytes()),
                result.more(),
                result.remaining().map(GroupVerifier::extents),
                millisSince(began));
    }

    private static List<VerifyReport.Extent> extents(List<DiskRange> ranges) {
        return ranges.stream()
                .map(range -> new VerifyReport.Extent(range.disk(), range.offset(), range.length()))
                .toList();
    }

    /** Answers the site where the group runs, until it hangs up; as willing to wait for guests as the asking side. */
    @SuppressWarnings("ThreadPriorityCheck")
    public void answer(PeerChannel channel) throws IOException, InterruptedException {
        if (!(agent.role() instanceof Following following)) {
            throw GroupAgent.refusal("group %s runs here".formatted(agent.name()));
        }
        Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
        VerifyDesk.serve(channel, complete(following.replica()));
    }

    private GroupStore complete(Replica replica) {
        return replica.store()
                .filter(store -> replica.status().consistent())
                .orElseThrow(
                        () -> GroupAgent.refusal("the replica of group %s is not complete".formatted(agent.name())));
    }
}
