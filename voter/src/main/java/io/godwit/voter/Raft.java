package io.godwit.voter;

import io.godwit.core.SiteName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;

/** A running Ratis server, and the two ways into it. */
record Raft(RaftServer server, Submission submission, VoterDesk desk) implements AutoCloseable {
    static Raft start(
            SiteName own,
            VoterList voters,
            Path directory,
            int snapshotEvery,
            Map<SiteName, PeerCalls> peers,
            PassingOn passingOn,
            Applied applied,
            Consumer<String> broken)
            throws IOException {
        RaftStore store = RaftStore.of(directory);
        SyncedDirectory written = store.current(voters);
        RaftServer server = RaftServer.newBuilder()
                .setServerId(VoterList.peerId(own))
                .setGroup(voters.group())
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setProperties(RaftSettings.in(store.directory(), snapshotEvery))
                .setParameters(LinkRpc.with(new RaftTransport(peers, written)))
                .setStateMachine(new QuorumMachine(applied, broken))
                .build();
        server.start();
        Submission submission = new Submission(server, voters);
        return new Raft(server, submission, new VoterDesk(own, voters, server, submission, passingOn, written));
    }

    boolean stopped() {
        return server.getLifeCycleState().isClosingOrClosed();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
