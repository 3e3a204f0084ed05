package io.godwit.voter;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/** Makes Ratis use a {@link RaftTransport}. Ratis finds it by the name of the class and creates it itself. */
public final class LinkRpc implements RpcType {
    static final RpcType TYPE = new LinkRpc();
    private static final String TRANSPORT = "godwit.transport";

    /** What to hand to Ratis, so that its server gets this transport. */
    static Parameters with(RaftTransport transport) {
        Parameters parameters = new Parameters();
        parameters.put(TRANSPORT, transport, RaftTransport.class);
        return parameters;
    }

    @Override
    public String name() {
        return LinkRpc.class.getName();
    }

    @Override
    public ServerFactory newFactory(Parameters parameters) {
        RaftTransport transport = parameters.getNonNull(TRANSPORT, RaftTransport.class);
        return new Factory(transport);
    }

    private record Factory(RaftTransport transport) implements ServerFactory {
        @Override
        public RaftServerRpc newRaftServerRpc(RaftServer server) {
            return transport;
        }

        @Override
        public RpcType getRpcType() {
            return TYPE;
        }
    }
}
