package io.godwit.site.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.api.ObjectiveWish;
import io.godwit.api.ReplicationMode;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import io.godwit.migration.MoveId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeerRequestTest {
    private static final GroupName SHOP = new GroupName("shop");
    private static final MoveId MOVE = MoveId.fresh();
    private static final int MUTATIONS = 20_000;

    private static final List<PeerRequest> REQUESTS = List.of(
            new PeerRequest.PrepareServer(SHOP, MOVE, true),
            new PeerRequest.PrepareNetwork(
                    SHOP,
                    MOVE,
                    new TunnelPlan(7, "10.255.0.1", "169.254.1.1/30", "169.254.1.2/30"),
                    "10.90.0.1/24",
                    "52:54:00:67:77:01"),
            new PeerRequest.AskReady(SHOP, MOVE),
            new PeerRequest.Offer(SHOP, MOVE, new Term(2), new Position(4096), ReplicationMode.DEFAULT),
            new PeerRequest.AskOutcome(SHOP, MOVE),
            new PeerRequest.Abort(SHOP, MOVE, "no"),
            new PeerRequest.CompareMemory(SHOP, MOVE, new VmName("db"), "AAAAAA=="),
            new PeerRequest.CompareDisks(SHOP, MOVE, List.of(new PeerRequest.DiskDigest(new DiskName("root"), "ab"))),
            new PeerRequest.KeepObjective(SHOP, Optional.of(new ObjectiveWish(5_000, 10_000, 5, 60_000))),
            new PeerRequest.KeepObjective(SHOP, Optional.empty()),
            new PeerRequest.KeepDefinition(new GroupDefinition(
                    SHOP,
                    new SiteName("west"),
                    List.of(new VmDefinition(
                            new VmName("db"),
                            ByteCount.ofMiB(64),
                            1,
                            "10.90.0.10",
                            "52:54:00:00:00:0a",
                            List.of(new DiskDefinition(new DiskName("root"), "/srv/root.raw", Optional.empty())))))),
            new PeerRequest.AskAnnounced(SHOP),
            new PeerRequest.CloseTunnel(SHOP, MOVE));

    @Test
    void everyRequestArrivesAsItWasSent() {
        for (PeerRequest request : REQUESTS) {
            assertThat(Json.read(Json.line(request), PeerRequest.class, "the request"))
                    .isEqualTo(request);
        }
    }

    @Test
    void whatIsNoRequestIsRefusedAndNothingElse() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int mutation = 0; mutation < MUTATIONS; mutation++) {
            byte[] bytes = Json.bytes(REQUESTS.get(random.nextInt(REQUESTS.size())));
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            String line = new String(bytes, StandardCharsets.UTF_8);
            try {
                Json.read(line, PeerRequest.class, "the request");
            } catch (GodwitException refused) {
                assertThat(refused.sentence()).as("seed %d, %s", seed, line).isNotEmpty();
            }
        }
    }

    @Test
    void digestsThatAreNoneAreRefused() {
        for (String digests : List.of("not base 64!", "AAAA", "////////")) {
            assertThatThrownBy(new PeerRequest.CompareMemory(SHOP, MOVE, new VmName("db"), digests)::decoded)
                    .isInstanceOf(GodwitException.class);
        }
    }
}
