package io.godwit.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiClient;
import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.SiteStatus;
import io.godwit.core.SiteName;
import io.godwit.hypervisor.Accelerator;
import io.godwit.link.ChannelKind;
import io.godwit.link.Link;
import io.godwit.link.SiteIdentity;
import io.godwit.network.BgpSpeaker;
import io.godwit.network.Edge;
import io.godwit.site.disks.DiskReaders;
import io.godwit.volume.nbd.NbdServer;
import io.godwit.voter.Voter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three sites with their daemons, whose configurations name each other as voters. */
class SiteVotersTest {
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final List<SiteName> VOTERS =
            List.of(new SiteName("east"), new SiteName("north"), new SiteName("west"));

    @TempDir
    Path home = Path.of("");

    /** A site without groups. */
    private static final class Site implements AutoCloseable {
        private final SiteConfig config;
        private final SiteIdentity identity;
        private final SiteDaemon daemon;

        Site(Path home, String name, Optional<List<SiteName>> voters) throws Exception {
            Path directory = Files.createDirectories(home.resolve(name));
            this.config = new SiteConfig(
                    new SiteName(name),
                    directory.toString(),
                    Files.createDirectories(home.resolve("run-" + name)).toString(),
                    directory.toString(),
                    "127.0.0.1:" + freePort(),
                    "127.0.0.1",
                    new SiteConfig.Service("gwnowhere0", "10.90.0.1/24", "52:54:00:67:77:01"),
                    50051,
                    Optional.empty(),
                    Optional.empty(),
                    voters);
            this.identity = SiteIdentity.create(directory.resolve("identity"), config.name());
            Optional<Voter> voter = config.voter(identity);
            this.daemon = new SiteDaemon(
                    new SiteContext(
                            config,
                            identity,
                            new Edge(config.serviceNet(), new BgpSpeaker(config.bgpPort())),
                            NbdServer.takingUp(config.disksSocket()),
                            DiskReaders.none(),
                            () -> Accelerator.TCG,
                            voter.map(own -> own)),
                    voter);
        }

        private static int freePort() throws IOException {
            try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            }
        }

        private ApiClient api() {
            return new ApiClient(config.apiSocket());
        }

        void join(Site other) {
            ApiReply opened = other.api().ask(new ApiRequest.OpenPairing());
            assertThat(opened).isInstanceOf(ApiReply.PairingOpened.class);
            String token = ((ApiReply.PairingOpened) opened).token();
            assertThat(api().ask(new ApiRequest.Join(other.config.listen(), token)))
                    .isInstanceOf(ApiReply.Joined.class);
        }

        Optional<SiteStatus.Voting> voting() {
            ApiReply reply = api().ask(new ApiRequest.Status(Optional.empty()));
            return ((ApiReply.Status) reply).site().voting();
        }

        SiteStatus.Voting await(Predicate<SiteStatus.Voting> wanted) throws InterruptedException {
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (!wanted.test(voting().orElseThrow())) {
                assertThat(System.nanoTime()).as(voting().toString()).isLessThan(end);
                Thread.sleep(50);
            }
            return voting().orElseThrow();
        }

        @Override
        public void close() throws IOException {
            daemon.close();
        }
    }

    @Test
    void aSiteThatDoesNotVoteIsForgottenAndOneThatDoesIsNot() throws Exception {
        try (Site east = new Site(home, "east", Optional.of(VOTERS));
                Site west = new Site(home, "west", Optional.of(VOTERS));
                Site other = new Site(home, "other", Optional.empty())) {
            west.join(east);
            other.join(east);
            assertThatThrownBy(() -> east.api().ask(new ApiRequest.Forget(west.config.name())))
                    .hasMessageContaining("take it off the list of voters first");
            assertThat(east.api().ask(new ApiRequest.Forget(other.config.name())))
                    .isEqualTo(new ApiReply.Done("other is not trusted here any more"));
            assertThat(east.identity.peers().find(other.config.name())).isEmpty();
            assertThatThrownBy(() -> east.api().ask(new ApiRequest.Forget(other.config.name())))
                    .hasMessageContaining("no site called 'other' is paired with this one");
            other.join(east);
            assertThat(east.identity.peers().find(other.config.name())).isPresent();
        }
    }

    @Test
    void sitesThatNameEachOtherVoteOnceTheyArePaired() throws Exception {
        try (Site east = new Site(home, "east", Optional.of(VOTERS));
                Site west = new Site(home, "west", Optional.of(VOTERS));
                Site north = new Site(home, "north", Optional.of(VOTERS))) {
            SiteStatus.Voting alone = east.await(voting -> voting.trouble().isPresent());
            assertThat(alone.leader()).isEmpty();
            assertThat(alone.reachable()).containsExactly(new SiteName("east"));
            west.join(east);
            north.join(east);
            north.join(west);
            for (Site site : List.of(east, west, north)) {
                site.await(voting -> voting.leader().isPresent()
                        && voting.reachable().equals(VOTERS)
                        && voting.trouble().isEmpty());
            }
        }
    }

    @Test
    void aSiteThatNamesNoVotersHasNone() throws Exception {
        try (Site east = new Site(home, "east", Optional.empty());
                Site west = new Site(home, "west", Optional.of(VOTERS))) {
            west.join(east);
            assertThat(east.voting()).isEmpty();
            assertThatThrownBy(() ->
                            new Link(west.identity, new SiteName("east")).open(ChannelKind.QUORUM, Optional.empty()))
                    .hasMessageContaining("site east has no voter");
        }
    }
}
