package io.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.FailoverTestReport;
import io.godwit.api.FailoverTestStatus;
import io.godwit.api.PointWish;
import io.godwit.api.PointsReport;
import io.godwit.cli.FakeSite.Ran;
import io.godwit.core.ErrorCode;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code godwit failover --test}. */
class FailoverTestOptionsTest {
    private static final GroupName SHOP = new GroupName("shop");

    @RegisterExtension
    final FakeSite site = new FakeSite();

    private static FailoverTestReport report(boolean passed, boolean kept) {
        return new FailoverTestReport(
                SHOP,
                new SiteName("west"),
                new PointsReport.Point(new Position(4_096), Optional.empty()),
                passed,
                List.of(new FailoverTestReport.Machine(
                        new VmName("db"),
                        "10.90.0.10",
                        passed ? Optional.of(9_000L) : Optional.empty(),
                        Optional.empty())),
                passed ? Optional.of(new FailoverTestReport.Check("true", 0, "fine")) : Optional.empty(),
                kept,
                9_500);
    }

    private static List<ApiReply> answer(boolean passed, boolean kept) {
        return List.of(
                going("preparing"),
                going("booting"),
                going("booting"),
                going("checking"),
                new ApiReply.FailoverTested(report(passed, kept)));
    }

    private static ApiReply going(String phase) {
        return new ApiReply.FailoverTesting(
                new FailoverTestStatus(phase, Optional.empty(), Optional.empty(), List.of(), 1, 10));
    }

    @Test
    void aTestThatIsPassedSaysWhatAnsweredAndWhatTheCheckSaid() throws Exception {
        Ran ran = site.run(
                answer(true, false),
                "failover",
                "shop",
                "--test",
                "--check",
                "true",
                "--patience",
                "30",
                "--at",
                "4096");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err().lines())
                .containsExactly(
                        "booting the machines of group shop in a network of their own; they have 30 s to answer",
                        "all have answered; the check has 30 s to succeed");
        assertThat(ran.out())
                .contains("test failover of group shop at west passed")
                .contains("machine db at 10.90.0.10: answered after 9000 ms")
                .contains("check   true: exit code 0: fine")
                .contains("are gone");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.TestFailover(
                        SHOP, Optional.of(PointWish.at(new Position(4_096))), Optional.of("true"), 30, false));
    }

    @Test
    void oneThatIsNotPassedFails() throws Exception {
        Ran ran = site.run(answer(false, true), "failover", "shop", "--test", "--keep");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).contains("FAILED").contains("did not answer").contains("--end-test");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.TestFailover(SHOP, Optional.empty(), Optional.empty(), 120, true));
    }

    @Test
    void oneThatIsRefusedBootsNothingAndSaysSoNowhere() {
        Ran ran = site.run(
                List.of(going("preparing"), new ApiReply.Refusal(ErrorCode.NOT_FOUND, "there is no such mark")),
                "failover",
                "shop",
                "--test");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).isEqualToIgnoringNewLines("godwit: there is no such mark");
    }

    @Test
    void oneThatIsEndedHasFailed() {
        Ran ran = site.run(
                List.of(going("booting"), new ApiReply.Refusal(ErrorCode.FAILED, "the test was ended")),
                "failover",
                "shop",
                "--test");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("godwit: the test was ended");
    }

    @Test
    void aProgramGetsTheWholeReport() {
        Ran ran = site.run(answer(true, false), "failover", "shop", "--test", "--json");
        assertThat(ran.err()).isEmpty();
        assertThat(Json.read(ran.out(), FailoverTestReport.class, "the output")).isEqualTo(report(true, false));
    }

    @Test
    void whatWasKeptIsEnded() throws Exception {
        Ran ran = site.run(List.of(new ApiReply.Done("it is gone")), "failover", "shop", "--end-test");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("it is gone");
        assertThat(site.asked()).isEqualTo(new ApiRequest.EndFailoverTest(SHOP));
        Ran json = site.run(List.of(new ApiReply.Done("it is gone")), "failover", "shop", "--end-test", "--json");
        assertThat(Json.read(json.out(), ApiReply.Done.class, "the output").sentence())
                .isEqualTo("it is gone");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        for (String[] words : new String[][] {
            {"failover", "shop", "--test", "--yes"},
            {"failover", "shop", "--test", "--end-test"},
            {"failover", "shop", "--end-test", "--at", "before-update"},
            {"failover", "shop", "--check", "true"},
            {"failover", "shop", "--keep"},
            {"failover", "shop", "--test", "--patience", "0"},
            {"failover", "shop", "--test", "--check", " "},
        }) {
            Ran ran = site.run(List.of(), words);
            assertThat(ran.exitCode()).as(String.join(" ", words)).isEqualTo(2);
            assertThat(ran.err()).hasLineCount(1);
        }
    }
}
