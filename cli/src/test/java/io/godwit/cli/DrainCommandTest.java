package io.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.DrainProgress;
import io.godwit.api.DrainReport;
import io.godwit.api.DrainReport.Fate;
import io.godwit.api.DrainReport.Outcome;
import io.godwit.api.MoveProgress;
import io.godwit.cli.FakeSite.Ran;
import io.godwit.core.ErrorCode;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command of whoever has a warning: what it asks, and what it says of the plan, of what happens, and of the end. */
@Timeout(60)
class DrainCommandTest {
    private static final SiteName EAST = new SiteName("east");
    private static final SiteName WEST = new SiteName("west");
    private static final GroupName BANK = new GroupName("bank");

    @RegisterExtension
    final FakeSite site = new FakeSite();

    private static DrainReport.Group row(String name, Fate fate, Optional<Long> took, Optional<String> reason) {
        return new DrainReport.Group(
                new GroupName(name),
                Optional.of(WEST),
                5,
                fate,
                Optional.of(1_500L),
                Optional.of(new DrainReport.Estimate(4_000, "assumed", "nothing was moved from here yet")),
                took,
                fate == Fate.SYNCHRONISE ? Optional.of(300L) : Optional.empty(),
                reason,
                List.of("its mode is sync"));
    }

    private static DrainReport report(Outcome outcome, DrainReport.Group... groups) {
        return new DrainReport(EAST, outcome, Optional.of(600_000L), Optional.empty(), List.of(groups));
    }

    private static final DrainReport PLAN = report(
            Outcome.PLANNED,
            row("bank", Fate.MOVE, Optional.empty(), Optional.empty()),
            row("web", Fate.SYNCHRONISE, Optional.empty(), Optional.of("no time is left")));

    @Test
    void withoutYesItOnlySaysWhatWouldMakeIt() throws Exception {
        Ran ran = site.run(List.of(new ApiReply.Drained(PLAN)), "drain", "east", "--within", "10m");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out())
                .contains("to drain site east within 600.0 s:")
                .contains("priority 5  bank: moved to west, after 1.5 s, in about 4.0 s")
                .contains("estimate: nothing was moved from here yet")
                .contains("priority 5  web: made synchronous with west, in about 0.3 s")
                .contains("because: no time is left")
                .contains("note: its mode is sync")
                .contains("add --yes to do it");
        assertThat(site.asked()).isEqualTo(new ApiRequest.Drain(EAST, Optional.of(600), Optional.empty(), false));
    }

    @Test
    void aSiteWithoutGroupsHasNothingToDo() {
        Ran ran = site.run(List.of(new ApiReply.Drained(report(Outcome.PLANNED))), "drain", "east");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("no group runs here").doesNotContain("--yes");
    }

    @Test
    void withYesItTellsWhatHappensAndWhoHasLeft() throws Exception {
        List<ApiReply> replies = List.of(
                new ApiReply.Draining(
                        new DrainProgress(100, Optional.of(BANK), "it leaves for west", Optional.empty())),
                new ApiReply.Draining(new DrainProgress(
                        1_100,
                        Optional.of(BANK),
                        "",
                        Optional.of(
                                new MoveProgress(BANK, "precopy", 1, 3, 2_048, 1_024, 0, OptionalLong.empty(), "")))),
                new ApiReply.Drained(
                        report(Outcome.DRAINED, row("bank", Fate.LEFT, Optional.of(3_900L), Optional.empty()))));
        Ran ran = site.run(replies, "drain", "east", "--yes", "--patience", "90s");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .contains("0.1 s  bank: it leaves for west")
                .contains("1.1 s  bank: precopy, round 3, 2.00 KiB sent, 1.00 KiB/s")
                .contains("every group has left site east")
                .contains("bank: has left for west in 3.9 s; about 4.0 s were expected");
        assertThat(site.asked()).isEqualTo(new ApiRequest.Drain(EAST, Optional.empty(), Optional.of(90), true));
    }

    @Test
    void whatIsStillThereIsNoSuccess() {
        DrainReport ended =
                report(Outcome.ENDED, row("web", Fate.SYNCHRONOUS, Optional.empty(), Optional.of("no time was left")));
        Ran ran = site.run(List.of(new ApiReply.Drained(ended)), "drain", "east", "--yes");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).contains("not every group has left", "web: is here, and synchronous with west");
        Ran json = site.run(List.of(new ApiReply.Drained(ended)), "drain", "east", "--yes", "--json");
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(Json.read(json.out(), DrainReport.class, "the output")).isEqualTo(ended);
    }

    @Test
    void itCanBeStopped() throws Exception {
        Ran ran = site.run(List.of(new ApiReply.Done("nothing more is begun")), "drain", "east", "--stop");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("nothing more is begun");
        assertThat(site.asked()).isEqualTo(new ApiRequest.StopDrain(EAST));
        assertThat(site.run("drain", "east", "--stop", "--yes").err()).contains("--stop goes with no other option");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(site.run("drain").exitCode()).isEqualTo(2);
        assertThat(site.run("drain", "east", "--within", "soon").err()).contains("'soon' is not a span of time");
        assertThat(site.run("drain", "east", "--within", "8d").err()).contains("a week");
        assertThat(site.run("drain", "east", "--within", "999999h").err()).contains("999999h is too long");
        assertThat(site.run("drain", "east", "--within", "0s").err()).contains("1 s to");
        assertThat(site.run("drain", "East").exitCode()).isEqualTo(2);
        Ran refused = site.run(
                List.of(new ApiReply.Refusal(ErrorCode.CONFLICT, "this is site east")), "drain", "west", "--yes");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("this is site east");
    }
}
