package io.godwit.site.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.DiskClass;
import io.godwit.api.GroupStatus;
import io.godwit.api.ReplicationMode;
import io.godwit.api.SiteStatus;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsServerTest {
    private static final GroupName SHOP = new GroupName("shop");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-z_]+)(\\{[a-z]+=\"[^\"\\n]*\"(,[a-z]+=\"[^\"\\n]*\")*\\})? -?[0-9]+(\\.[0-9]+)?(E-?[0-9]+)?");

    private static final GroupStatus.Replication REPLICATION = new GroupStatus.Replication(
            ReplicationMode.DEFAULT,
            "nothing",
            1_250,
            9_000,
            40_500,
            12_500_000,
            3_000_000,
            List.of(new GroupStatus.Alarm("lag-bytes", "far behind")),
            Optional.empty(),
            true,
            true,
            new ByteCount(1_000),
            new ByteCount(2_000),
            new GroupStatus.Seeding(false, new ByteCount(900), 0, Optional.empty(), Optional.empty(), false),
            new ByteCount(70_000_000),
            1_250,
            Optional.of(new GroupStatus.SyncDisks(new Position(8_900), new ByteCount(100))),
            new ByteCount(5_000),
            new ByteCount(600),
            new GroupStatus.Compression(1, "link", new ByteCount(7_000), new ByteCount(4_000)));

    private static final SiteStatus SITE = new SiteStatus(
            new SiteName("east"),
            "0.1.0",
            "AB:CD",
            List.of(),
            List.of(new GroupStatus(
                    SHOP,
                    "serving",
                    new SiteName("east"),
                    new SiteName("west"),
                    new Term(3),
                    5,
                    new Position(9_000),
                    new Position(8_000),
                    new Position(7_000),
                    Optional.empty(),
                    Optional.of(REPLICATION),
                    List.of(),
                    List.of(new GroupStatus.Disk(new DiskName("root"), DiskClass.SYNC, new ByteCount(4_096))),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new GroupStatus.Tenure(
                            "serving",
                            Optional.of(new Term(3)),
                            2_250,
                            Optional.of(4L),
                            Optional.of("complete"),
                            Optional.empty())),
                    Optional.empty(),
                    Optional.empty())),
            List.of(),
            Optional.of(new SiteStatus.Voting(
                    Optional.of(new SiteName("west")),
                    List.of(new SiteName("east"), new SiteName("west"), new SiteName("witness")),
                    List.of(new SiteName("east"), new SiteName("west")),
                    Optional.empty())));

    @TempDir
    Path directory = Path.of("");

    private Optional<GroupStore> store = Optional.empty();
    private Optional<MetricsServer> server = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        DiskSpec disk = new DiskSpec(new DiskName("root"), ByteCount.ofMiB(1), directory.resolve("root.img"));
        GroupStore opened = GroupStore.create(
                directory.resolve("store"),
                List.of(disk),
                Role.PRIMARY,
                new Term(3),
                new Position(4_096),
                StoreLimits.DEFAULT);
        store = Optional.of(opened);
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = Optional.of(new MetricsServer(anywhere, () -> SITE, () -> Map.of(SHOP, opened.status())));
    }

    @AfterEach
    void stop() throws IOException {
        server.orElseThrow().close();
        store.orElseThrow().close();
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create(
                "http://127.0.0.1:%d%s".formatted(server.orElseThrow().address().getPort(), path));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void whatStatusShowsIsThereInBaseUnits() throws Exception {
        HttpResponse<String> page = ask("GET", "/metrics");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(page.body().lines())
                .contains(
                        "godwit_info{site=\"east\",version=\"0.1.0\"} 1",
                        "# TYPE godwit_replication_lag_bytes gauge",
                        "godwit_replication_lag_bytes{group=\"shop\"} 70000000",
                        "godwit_replication_lag_seconds{group=\"shop\"} 1.25",
                        "godwit_replication_sync_disks_lag_bytes{group=\"shop\"} 100",
                        "godwit_replication_rpo_worst_seconds{group=\"shop\"} 9",
                        "godwit_replication_round_trip_seconds{group=\"shop\"} 0.0405",
                        "godwit_replication_mode{group=\"shop\",mode=\"async\"} 1",
                        "godwit_replication_mode{group=\"shop\",mode=\"sync\"} 0",
                        "godwit_alarm{group=\"shop\",alarm=\"lag-bytes\"} 1",
                        "godwit_alarm{group=\"shop\",alarm=\"degraded\"} 0",
                        "godwit_log_position_bytes{group=\"shop\",position=\"durable\"} 8000",
                        "godwit_log_position_bytes{group=\"shop\",position=\"tail\"} 4096",
                        "godwit_images_full{group=\"shop\"} 0",
                        "godwit_voter_heard{voter=\"west\"} 1",
                        "godwit_voter_heard{voter=\"witness\"} 0",
                        "godwit_voters_decide 1",
                        "godwit_tenure{group=\"shop\",standing=\"serving\"} 1",
                        "godwit_tenure{group=\"shop\",standing=\"lapsed\"} 0",
                        "godwit_lease_seconds{group=\"shop\"} 2.25");
    }

    @Test
    void everyLineIsAsTheFormatHasItAndEachFamilyStandsTogether() throws Exception {
        Set<String> begun = new HashSet<>();
        String family = "";
        for (String line : ask("GET", "/metrics").body().lines().toList()) {
            if (line.startsWith("# HELP ")) {
                family = line.split(" ", 4)[2];
                assertThat(begun.add(family)).as(line).isTrue();
            } else if (!line.startsWith("# TYPE ")) {
                assertThat(line).matches(SAMPLE);
                assertThat(line).startsWith(family);
            }
        }
        assertThat(begun).hasSizeGreaterThan(20);
    }

    @Test
    void anythingElseIsRefused() throws Exception {
        assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
        assertThat(ask("POST", "/metrics").statusCode()).isEqualTo(405);
    }
}
