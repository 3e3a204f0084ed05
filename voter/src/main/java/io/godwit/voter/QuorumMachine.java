package io.godwit.voter;

import io.godwit.core.DurableFile;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.QuorumState;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/** {@link QuorumState} as Ratis' state machine: commands and snapshots are JSON. Ratis calls it on one thread. */
final class QuorumMachine extends BaseStateMachine {
    private final SimpleStateMachineStorage snapshots = new SimpleStateMachineStorage();
    private final Applied applied;
    private final Consumer<String> broken;

    /** @param broken told why this voter must not go on */
    QuorumMachine(Applied applied, Consumer<String> broken) {
        this.applied = applied;
        this.broken = broken;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        getLifeCycle().startAndTransition(() -> {
            super.initialize(server, group, storage);
            snapshots.init(storage);
            load();
        });
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    /** After a snapshot of the leader's was put into the directory. */
    @Override
    public void reinitialize() throws IOException {
        load();
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        byte[] json = entry.getStateMachineLogEntry().getLogData().toByteArray();
        try {
            QuorumCommand command = Json.read(json, QuorumCommand.class, "command " + entry.getIndex());
            QuorumState.Applied outcome = applied.now().state().apply(command);
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            applied.become(outcome.state());
            return CompletableFuture.completedFuture(
                    Message.valueOf(ByteString.copyFrom(Json.bytes(outcome.answer()))));
        } catch (GodwitException unreadable) {
            broken.accept("what the voters have agreed on cannot be read (%s): run the same version at all of them"
                    .formatted(unreadable.sentence()));
            throw unreadable;
        }
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex last = getLastAppliedTermIndex();
        if (last.getIndex() < 0) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        File file = snapshots.getSnapshotFile(last.getTerm(), last.getIndex());
        new DurableFile(file.toPath()).write(Json.bytes(applied.now().state()));
        MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file);
        snapshots.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file.toPath(), digest), last));
        return last.getIndex();
    }

    private void load() throws IOException {
        SingleFileSnapshotInfo latest = snapshots.loadLatestSnapshot();
        if (latest == null) {
            return;
        }
        File file = latest.getFile().getPath().toFile();
        MD5FileUtil.verifySavedMD5(file, latest.getFile().getFileDigest());
        QuorumState state = Json.read(Files.readAllBytes(file.toPath()), QuorumState.class, file.toString());
        setLastAppliedTermIndex(latest.getTermIndex());
        applied.become(state);
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failed) {
        broken.accept("its log cannot be written: " + cause.getMessage());
    }
}
