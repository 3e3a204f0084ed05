package io.godwit.replication;

import io.godwit.core.Channel;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.replication.SourceMessage.Alive;
import io.godwit.replication.SourceMessage.Blocks;
import io.godwit.replication.SourceMessage.Chunk;
import io.godwit.replication.SourceMessage.Clear;
import io.godwit.replication.SourceMessage.Continue;
import io.godwit.replication.SourceMessage.Digests;
import io.godwit.replication.SourceMessage.Early;
import io.godwit.replication.SourceMessage.Hello;
import io.godwit.replication.SourceMessage.Records;
import io.godwit.replication.SourceMessage.Seed;
import io.godwit.replication.SourceMessage.SeedDone;
import io.godwit.replication.SourceMessage.SeedMark;
import io.godwit.replication.SourceMessage.Trouble;
import io.godwit.replication.SourceMessage.TurnBack;
import io.godwit.volume.LogEnd;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/** One connection of a replica to its source: this thread takes what comes, in order; another one acknowledges. */
final class ReplicaSession {
    /** So many of the largest batches find room in the log beside each other. */
    private static final int PARTS_OF_LOG = 4;

    private final GroupName group;
    private final ReplicaCopy copy;
    private final ReplicationLimits limits;
    private final Channel channel;
    private final Frames frames;
    private boolean sourceHungUp;

    ReplicaSession(GroupName group, ReplicaCopy copy, ReplicationLimits limits, Channel channel) {
        this.group = group;
        this.copy = copy;
        this.limits = limits;
        this.channel = channel;
        this.frames = new Frames(channel, new LongAdder());
    }

    /** Ends with an exception, always: a source has no end of its own. */
    void run() throws IOException, InterruptedException {
        try (Pulse pulse = new Pulse(channel, frames, limits, this::sayAlive)) {
            try {
                Salt salt = introduce();
                begin();
                follow(new BlockDigests(salt));
            } catch (IOException broken) {
                throw pulse.silent() ? silence(broken) : broken;
            } catch (GodwitException refusal) {
                tell(refusal);
                throw refusal;
            }
        }
    }

    private Salt introduce() throws IOException, InterruptedException {
        if (!(next() instanceof Hello hello)) {
            throw Wire.corrupt("something before its hello");
        }
        if (!hello.group().equals(group)) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "this is the replica of group %s, not of %s".formatted(group, hello.group()));
        }
        copy.admit(hello.term(), hello.disks());
        ReplicaCodec.write(frames, own());
        return hello.salt();
    }

    private ReplicaMessage.Hello own() throws InterruptedException {
        long batchBytes = limits.store().maxLog().bytes() / PARTS_OF_LOG;
        return new ReplicaMessage.Hello(Wire.VERSION, batchBytes, copy.early(), copy.holding());
    }

    private void begin() throws IOException, InterruptedException {
        SourceMessage decision = next();
        if (decision instanceof TurnBack(LogEnd parting)) {
            copy.turnBack(parting);
            ReplicaCodec.write(frames, own());
            decision = next();
        }
        switch (decision) {
            case Continue _ -> copy.stores().requireStore();
            case Seed seed -> copy.begin(seed);
            case Hello _, TurnBack _, Records _, Early _, Chunk _, Digests _, Blocks _, Clear _, SeedMark _ ->
                throw Wire.corrupt("no decision how to begin");
            case SeedDone _ -> throw Wire.corrupt("no decision how to begin");
            case Alive _, Trouble _ -> throw Wire.corrupt("no decision how to begin");
        }
    }

    private void follow(BlockDigests digests) throws IOException, InterruptedException {
        try (Unpacker unpacker = new Unpacker();
                Acknowledger acknowledger = new Acknowledger(frames, copy.stores())) {
            try {
                while (true) {
                    take(next(), unpacker, digests, acknowledger);
                }
            } catch (IOException ended) {
                acknowledger.check();
                throw ended;
            }
        } finally {
            copy.dropOpenBatch();
        }
    }

    private void take(SourceMessage message, Unpacker unpacker, BlockDigests digests, Acknowledger acknowledger)
            throws IOException, InterruptedException {
        switch (message) {
            case Records(Packed records) -> {
                copy.append(unpacker.unpack(records));
                acknowledger.news();
            }
            case Early early -> {
                copy.add(early, unpacker);
                acknowledger.early();
            }
            case Chunk chunk -> {
                writing(to -> to.chunk(chunk.disk(), chunk.offset(), unpacker.unpack(chunk.content())));
                acknowledger.chunk(chunk.bytes());
            }
            case Digests theirs ->
                ReplicaCodec.write(
                        frames, copy.stores().storing(() -> copy.writer().compare(theirs, digests)));
            case Blocks blocks -> {
                writing(to -> to.blocks(blocks, unpacker.unpack(blocks.content())));
                acknowledger.chunk(blocks.bytes());
            }
            case Clear(DiskRun run) -> writing(to -> to.clear(run));
            case SeedMark(SeedCursor cursor) -> copy.stores().reached(cursor);
            case SeedDone(Position complete) -> {
                copy.completeAt(complete);
                acknowledger.news();
            }
            case Hello _, Continue _, Seed _, TurnBack _, Alive _, Trouble _ ->
                throw Wire.corrupt("a beginning in the middle");
        }
    }

    /** Something that a copy does to the disks. */
    private interface Writing {
        void run(DiskWriter to) throws IOException;
    }

    private void writing(Writing work) {
        copy.stores().storing(() -> {
            work.run(copy.writer());
            return true;
        });
    }

    /** The next message that isn't a sign of life; those are answered here. */
    private SourceMessage next() throws IOException {
        while (true) {
            SourceMessage message = SourceCodec.read(frames.read());
            switch (message) {
                case Alive(long stamp) -> ReplicaCodec.write(frames, new ReplicaMessage.Alive(stamp));
                case Trouble trouble -> {
                    sourceHungUp = true;
                    throw new GodwitException(trouble.code(), "the source ended replication: " + trouble.sentence());
                }
                case Hello _, Continue _, Seed _, TurnBack _, Records _, Chunk _, Digests _, Blocks _, Clear _ -> {
                    return message;
                }
                case Early _, SeedMark _, SeedDone _ -> {
                    return message;
                }
            }
        }
    }

    private void sayAlive() throws IOException {
        ReplicaCodec.write(frames, new ReplicaMessage.Alive(0));
    }

    /**
     * Says why this side hangs up, and goes on reading until the source, or the pulse, closes the channel: to close it
     * with input unread would reset the connection and could destroy the message.
     */
    private void tell(GodwitException refusal) {
        if (sourceHungUp) {
            return;
        }
        try {
            ReplicaCodec.write(frames, new ReplicaMessage.Trouble(refusal.code(), refusal.sentence()));
            long deadline = System.nanoTime() + limits.silence().toNanos();
            while (System.nanoTime() < deadline) {
                frames.read();
            }
        } catch (IOException | GodwitException ended) {
            // The source has read it, or is gone.
        }
    }

    private IOException silence(IOException broken) {
        return new IOException(
                "nothing was heard from the source for %d ms"
                        .formatted(limits.silence().toMillis()),
                broken);
    }
}
