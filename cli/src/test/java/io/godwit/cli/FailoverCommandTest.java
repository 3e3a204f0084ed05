package io.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.FailoverReport;
import io.godwit.api.FailoverReport.Outcome;
import io.godwit.api.FailoverReport.Recovery;
import io.godwit.api.PointWish;
import io.godwit.api.ReplicationMode;
import io.godwit.cli.FakeSite.Ran;
import io.godwit.core.ErrorCode;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command of whoever decides that a site is lost: what it asks, what it says, and what it won't do by itself. */
@Timeout(60)
class FailoverCommandTest {
    private static final GroupName SHOP = new GroupName("shop");
    private static final SiteName WEST = new SiteName("west");

    @RegisterExtension
    final FakeSite site = new FakeSite();

    private static FailoverReport report(Outcome outcome) {
        return report(new SiteName("east"), outcome);
    }

    private static FailoverReport report(SiteName from, Outcome outcome) {
        return new FailoverReport(
                SHOP,
                from,
                WEST,
                outcome,
                Optional.of(new Term(4)),
                Optional.empty(),
                new FailoverReport.Copy(
                        new Position(500),
                        new Position(500),
                        Optional.of(new Position(600)),
                        Optional.of(new Position(500)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(700L),
                        ReplicationMode.Kind.SYNC),
                new Recovery(
                        Optional.empty(),
                        Optional.of(40L),
                        Optional.of(900L),
                        Optional.of(0L),
                        Optional.empty(),
                        Recovery.COLD_RESTART),
                List.of("site east must not be running group shop"),
                List.of());
    }

    private static List<ApiReply> answer(Outcome outcome) {
        return List.of(new ApiReply.FailedOver(report(outcome)));
    }

    @Test
    void withoutYesItOnlySaysWhatItRisks() throws Exception {
        Ran ran = site.run(answer(Outcome.PROPOSED), "failover", "shop");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out())
                .contains("site east must not be running group shop")
                .contains("add --yes to do it");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.FailOver(SHOP, Optional.empty(), Optional.empty(), false, false));
    }

    @Test
    void anOwnerThatIsNotSureTakesNothingOverFromItself() {
        Ran ran = site.run(
                List.of(new ApiReply.FailedOver(report(WEST, Outcome.PROPOSED))), "failover", "shop", "--to", "west");
        assertThat(ran.out()).contains("site west, the owner of group shop,").doesNotContain("over from");
    }

    @Test
    void withYesItIsDone() throws Exception {
        Ran ran = site.run(answer(Outcome.FAILED_OVER), "failover", "shop", "--to", "west", "--yes");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .contains("group shop runs at west in term 4 (cold restart)")
                .contains("acknowledged 500, shipped 500, promoted 500")
                .contains("sync disks          shipped up to 600")
                .contains("0 ms of writes");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.FailOver(SHOP, Optional.of(WEST), Optional.empty(), true, false));
    }

    @Test
    void aPointIsAPositionAMarkOrATime() throws Exception {
        site.run(answer(Outcome.FAILED_OVER), "failover", "shop", "--yes", "--accept-loss", "--at", "4096");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.FailOver(
                        SHOP, Optional.empty(), Optional.of(PointWish.at(new Position(4096))), true, true));
        site.run(answer(Outcome.FAILED_OVER), "failover", "shop", "--yes", "--at", "before-update");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.FailOver(
                        SHOP, Optional.empty(), Optional.of(PointWish.parse("before-update")), true, false));
        site.run(answer(Outcome.FAILED_OVER), "failover", "shop", "--yes", "--at", "2026-11-24T10:00:00Z");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.FailOver(
                        SHOP,
                        Optional.empty(),
                        Optional.of(PointWish.at(Instant.parse("2026-11-24T10:00:00Z"))),
                        true,
                        false));
    }

    @Test
    void aProgramGetsTheWholeReport() {
        Ran ran = site.run(answer(Outcome.FAILED_OVER), "failover", "shop", "--yes", "--json");
        assertThat(Json.read(ran.out(), FailoverReport.class, "the output")).isEqualTo(report(Outcome.FAILED_OVER));
    }

    @Test
    void whatIsNotServedInTheEndIsNoSuccess() {
        assertThat(site.run(answer(Outcome.REPLACED), "failover", "shop", "--yes")
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(site.run("failover").exitCode()).isEqualTo(2);
        assertThat(site.run("failover", "shop", "--at", "1o:00").err()).contains("'1o:00' is not a time");
        Ran refused = site.run(
                List.of(new ApiReply.Refusal(ErrorCode.CONFLICT, "site east answers, and runs group shop")),
                "failover",
                "shop",
                "--yes");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("site east answers");
    }
}
