package io.godwit.replication;

import io.godwit.core.Channel;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.replication.ReplicaMessage.Ack;
import io.godwit.replication.ReplicaMessage.Alive;
import io.godwit.replication.ReplicaMessage.Differing;
import io.godwit.replication.ReplicaMessage.Hello;
import io.godwit.replication.ReplicaMessage.Trouble;
import io.godwit.volume.DiskLane;
import io.godwit.volume.GroupStore;
import io.godwit.volume.LogEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a source to its replica: hello and decision, then this thread ships and another one reads the
 * replica's acknowledgements. Whichever of them fails first says why the session ended.
 */
final class SourceSession {
    /** A replica that hangs up has said why before; so long that is waited for. */
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private static final Duration PAUSED_POLL = Duration.ofMillis(100);
    /** More is never asked at once. */
    private static final int MAX_ANSWERS = 64;

    private final GroupName group;
    private final GroupStore store;
    private final ReplicationLimits limits;
    private final RemoteCopy remote;
    private final Optional<DiskLane> disks;
    private final LogWindow logWindow;
    private final Gauges gauges;
    private final Channel channel;
    private final Frames frames;
    private final SeedWindow window;
    private final Salt salt = Salt.fresh();
    private final Queue<Differing> answers = new ConcurrentLinkedQueue<>();
    private boolean forgotten;
    /** Everything before it is on its way, or there. */
    private volatile Position shipped = Position.START;

    private volatile @Nullable Exception ending;

    SourceSession(
            GroupName group,
            GroupStore store,
            ReplicationLimits limits,
            RemoteCopy remote,
            Optional<DiskLane> disks,
            Gauges gauges,
            Channel channel) {
        this.group = group;
        this.store = store;
        this.limits = limits;
        this.remote = remote;
        this.disks = disks;
        this.logWindow = new LogWindow(gauges.delivery());
        this.gauges = gauges;
        this.channel = channel;
        this.frames = new Frames(channel, gauges.traffic());
        this.window = new SeedWindow(gauges.roundTrips(), System.nanoTime());
    }

    /** Ends with an exception, always: shipping has no end of its own. */
    void run() throws IOException, InterruptedException {
        try (Pulse pulse = new Pulse(channel, frames, limits, this::sayAlive)) {
            try {
                sayHello();
                ship(awaitHello());
            } catch (IOException broken) {
                throw pulse.silent() ? silence(broken) : broken;
            }
        }
    }

    private void sayHello() throws IOException {
        SourceCodec.write(
                frames, new SourceMessage.Hello(Wire.VERSION, group, store.term(), DiskShape.of(store), salt));
    }

    private Beginning decide(Hello replica) throws IOException, InterruptedException {
        try {
            Beginning decided = Beginning.decide(store, replica.holding());
            if (decided instanceof Beginning.Return(LogEnd parting)) {
                SourceCodec.write(frames, new SourceMessage.TurnBack(parting));
                decided = Beginning.decide(store, awaitHello().holding());
            }
            return requireDecision(decided);
        } catch (GodwitException refusal) {
            tell(refusal);
            hearOut();
            throw refusal;
        }
    }

    /** A copy may be put off; whether the replica is still there is seen by speaking to it. */
    private Beginning requireDecision(Beginning decided) throws IOException, InterruptedException {
        if (decided instanceof Beginning.Return) {
            throw Wire.corrupt("the same history after it was told to turn back");
        }
        while (decided instanceof Beginning.Afresh && gauges.pace().isPaused()) {
            Thread.sleep(PAUSED_POLL);
            sayAlive();
        }
        return decided;
    }

    private Hello awaitHello() throws IOException {
        while (true) {
            ReplicaMessage message = ReplicaCodec.read(frames.read());
            switch (message) {
                case Hello hello -> {
                    return hello;
                }
                case Alive alive -> gauges.roundTrips().returned(alive.stamp(), System.nanoTime());
                case Trouble trouble -> throw fromReplica(trouble);
                case Ack _, Differing _ -> throw Wire.corrupt("an answer before its hello");
            }
        }
    }

    private void ship(Hello replica) throws IOException, InterruptedException {
        Beginning beginning = decide(replica);
        try (Packer packer = new Packer(gauges.compression(), System.nanoTime())) {
            long markBytes = limits.seedMark().bytes();
            Sending to = new Sending(
                    store,
                    frames,
                    packer,
                    window,
                    gauges.seed(),
                    gauges.pace(),
                    markBytes,
                    salt,
                    answers,
                    () -> batches(replica, packer),
                    gauges.delivery(),
                    gauges.leftOut());
            ReplicaMessage.EarlyRoom known = known(replica, beginning);
            Optional<EarlyLane> early = disks.map(sync -> new EarlyLane(to, remote, sync, logWindow, known));
            Shipping shipping = Shipping.begin(beginning, to, early);
            gauges.delivery().reset();
            remote.connected(shipping.position(), known.reach(), beginning instanceof Beginning.Resume);
            Thread reader = Thread.ofVirtual().name("acks-" + group).start(this::readAcknowledgements);
            try {
                while (ending == null) {
                    remote.noteHead();
                    shipping.turn();
                    shipped = shipping.position();
                }
            } catch (IOException broken) {
                reader.join(LAST_WORDS);
                throwEnding();
                throw broken;
            } catch (GodwitException refusal) {
                tell(refusal);
                reader.join(LAST_WORDS);
                throw refusal;
            }
            throwEnding();
        }
    }

    /**
     * What a replica that goes on in our history holds of sync disks ahead of its log was sent from here, or is part of what was. One that is
     * copied to takes some when it is complete.
     */
    private ReplicaMessage.EarlyRoom known(Hello replica, Beginning beginning) {
        if (!(beginning instanceof Beginning.Resume)) {
            return replica.early().emptied();
        }
        requireOurs(replica.early().reach());
        return replica.early();
    }

    /** Nothing is put off while somebody waits until the replica has caught up. */
    private BatchRule batches(Hello replica, Packer packer) {
        boolean queue = gauges.delivery().queues(shipped, gauges.roundTrips().shortest());
        boolean scarce = (queue || packer.linkScarce()) && !remote.isAwaited();
        long rate = gauges.delivery().perSecond();
        return new BatchRule(remote.policy(), remote.waiting(), scarce, rate, replica.batchBytes());
    }

    private void readAcknowledgements() {
        try {
            while (true) {
                ReplicaMessage message = ReplicaCodec.read(frames.read());
                take(message);
            }
        } catch (IOException | RuntimeException ended) {
            ending = ended;
        }
    }

    private void take(ReplicaMessage message) throws IOException {
        switch (message) {
            case Ack ack -> {
                requireOurs(ack.durable());
                requireOurs(ack.early());
                window.acknowledged(ack.chunkBytes(), System.nanoTime());
                gauges.delivery().acknowledged(ack.durable(), !ack.durable().reaches(shipped), System.nanoTime());
                logWindow.acknowledged(ack.durable(), System.nanoTime());
                remote.acknowledged(ack.durable(), ack.early(), ack.complete());
                store.log().retain(Replicator.FOLLOWER, ack.durable());
                forgetChanges(ack.complete());
            }
            case Differing differing -> take(differing);
            case Alive alive -> gauges.roundTrips().returned(alive.stamp(), System.nanoTime());
            case Trouble trouble -> throw fromReplica(trouble);
            case Hello _ -> throw Wire.corrupt("a second hello");
        }
    }

    /** The frame is read over when the next one comes, so it is copied. */
    private void take(Differing differing) {
        if (answers.size() > MAX_ANSWERS) {
            throw Wire.corrupt("answers to what nobody asked");
        }
        ByteBuffer blocks = ByteBuffer.allocate(differing.blocks().remaining());
        blocks.put(differing.blocks()).flip();
        answers.add(new Differing(differing.disk(), differing.offset(), differing.ranges(), blocks));
    }

    /** A complete replica has no use for what changed before. */
    private void forgetChanges(boolean complete) throws IOException {
        if (complete && !forgotten) {
            forgotten = true;
            store.log().forgetChanges(Replicator.FOLLOWER);
        }
    }

    /** A replica that claims more than was ever written would release flushes that are not safe. */
    private void requireOurs(Position acknowledged) {
        if (!store.head().reaches(acknowledged)) {
            throw Wire.corrupt(
                    "an acknowledgement of %s, but the log ends at %s".formatted(acknowledged, store.head()));
        }
    }

    private void sayAlive() throws IOException {
        SourceCodec.write(frames, new SourceMessage.Alive(System.nanoTime()));
    }

    private void throwEnding() throws IOException {
        switch (ending) {
            case null -> {}
            case IOException broken -> throw broken;
            case RuntimeException refusal -> throw refusal;
            default -> throw new IllegalStateException(ending);
        }
    }

    /** Tells the replica why this side hangs up. */
    private void tell(GodwitException refusal) {
        try {
            SourceCodec.write(frames, new SourceMessage.Trouble(refusal.code(), refusal.sentence()));
        } catch (IOException alreadyGone) {
            // Who isn't there needs no reason.
        }
    }

    /** Reads until the replica, or the pulse, closes: a close with input unread could destroy what was said last. */
    private void hearOut() {
        long deadline = System.nanoTime() + limits.silence().toNanos();
        try {
            while (System.nanoTime() < deadline) {
                frames.read();
            }
        } catch (IOException | GodwitException ended) {
            // The replica has read it, or is gone.
        }
    }

    private IOException silence(IOException broken) {
        return new IOException(
                "nothing was heard from the replica for %d ms"
                        .formatted(limits.silence().toMillis()),
                broken);
    }

    private static GodwitException fromReplica(Trouble trouble) {
        return new GodwitException(trouble.code(), "the replica ended replication: " + trouble.sentence());
    }
}
