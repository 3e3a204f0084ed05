package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Sites for tests: real keys in a temporary folder, a real server on the loopback interface. */
final class Sites {
    static final SiteName EAST = new SiteName("east");
    static final SiteName WEST = new SiteName("west");
    static final PeerAddress NOWHERE = new PeerAddress("127.0.0.1", 9);

    private Sites() {}

    static SiteIdentity create(Path directory, SiteName name) throws IOException {
        return SiteIdentity.create(directory.resolve(name.value()), name);
    }

    static LinkServer serve(SiteIdentity identity, ChannelHandler handler) throws IOException {
        return serve(identity, handler, LinkLimits.DEFAULT);
    }

    static LinkServer serve(SiteIdentity identity, ChannelHandler handler, LinkLimits limits) throws IOException {
        return new LinkServer(identity, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, limits);
    }

    static PeerAddress address(LinkServer server) {
        return new PeerAddress("127.0.0.1", server.address().getPort());
    }

    /** Pairs the caller with the site behind the server. */
    static void pair(SiteIdentity called, LinkServer server, SiteIdentity caller) throws IOException {
        caller.join(address(server), called.openPairing(Duration.ofMinutes(1)), NOWHERE);
    }

    /** Sends back what it receives, and remembers whom it met and whom it refused. */
    static final class Echo implements ChannelHandler {
        final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
        final BlockingQueue<PeerChannel> channels = new LinkedBlockingQueue<>();

        @Override
        public void admit(SiteName peer, ChannelKind kind, Optional<GroupName> group) {
            if (kind == ChannelKind.MEMORY && group.isEmpty()) {
                throw new GodwitException(ErrorCode.BAD_INPUT, "memory of which group?");
            }
        }

        @Override
        public void handle(PeerChannel channel) throws IOException {
            channels.add(channel);
            for (int value = channel.input().read();
                    value >= 0;
                    value = channel.input().read()) {
                channel.output().write(value);
                channel.output().flush();
            }
        }

        @Override
        public void refused(SocketAddress from, String sentence) {
            refusals.add(sentence);
        }

        String nextRefusal() throws InterruptedException {
            String sentence = refusals.poll(20, TimeUnit.SECONDS);
            return sentence == null ? "nobody was refused" : sentence;
        }
    }
}
