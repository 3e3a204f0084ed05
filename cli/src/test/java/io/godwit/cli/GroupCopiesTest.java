package io.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CopyProgress;
import io.godwit.api.CopyReport;
import io.godwit.api.SeedingWish;
import io.godwit.api.SetAsideReport;
import io.godwit.cli.FakeSite.Ran;
import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands about copies of disks: what they ask, what they print, and what they refuse without asking. */
@Timeout(60)
class GroupCopiesTest {
    private static final GroupName SHOP = new GroupName("shop");
    private static final List<ApiReply> DONE = List.of(new ApiReply.Done("so it is"));

    @RegisterExtension
    final FakeSite site = new FakeSite();

    private void assertRefused(String sentence, String... words) {
        Ran ran = site.run(words);
        assertThat(ran.exitCode()).as(String.join(" ", words)).isEqualTo(2);
        assertThat(ran.err()).contains(sentence);
        assertThat(ran.out()).isEmpty();
        assertThat(site.wasAsked()).isFalse();
    }

    @Test
    void seedingIsPacedPausedAndResumed() throws Exception {
        Ran ran = site.run(DONE, "group", "seeding", "shop", "--max-rate", "50mbit");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out().strip()).isEqualTo("so it is");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.SetSeeding(
                        SHOP, new SeedingWish(Optional.of(BitRate.parse("50mbit")), false, Optional.empty())));
        Ran json = site.run(DONE, "group", "seeding", "shop", "--pause", "--json");
        assertThat(Json.read(json.out(), ApiReply.class, "the output")).isEqualTo(DONE.getFirst());
        assertThat(site.asked())
                .isEqualTo(
                        new ApiRequest.SetSeeding(SHOP, new SeedingWish(Optional.empty(), false, Optional.of(true))));
        site.run(DONE, "group", "seeding", "shop", "--resume", "--max-rate", "none");
        assertThat(site.asked())
                .isEqualTo(
                        new ApiRequest.SetSeeding(SHOP, new SeedingWish(Optional.empty(), true, Optional.of(false))));
    }

    @Test
    void seedingThatMakesNoSenseIsRefused() {
        assertRefused("say one of", "group", "seeding", "shop");
        assertRefused("say one of", "group", "seeding", "shop", "--pause", "--resume");
        assertRefused("is not a rate", "group", "seeding", "shop", "--max-rate", "fast");
        assertRefused("a rate must be from", "group", "seeding", "shop", "--max-rate", "1000gbit");
        assertRefused("is not a rate", "group", "seeding", "shop", "--max-rate", "-5mbit");
        assertRefused("cannot name a group", "group", "seeding", "SHOP", "--pause");
        assertRefused("Missing required", "group", "seeding", "--pause");
    }

    @Test
    void whatWasSetAsideIsListedExportedAndDropped() throws Exception {
        SetAsideReport report = new SetAsideReport(
                SHOP,
                List.of(new SetAsideReport.Entry(
                        "8-4096", new Position(8), new Position(4096), false, 3, ByteCount.ofKiB(12), 1_795_521_600)));
        Ran ran = site.run(List.of(new ApiReply.SetAside(report)), "group", "set-aside", "list", "shop");
        assertThat(ran.out())
                .contains("8-4096", "2026-11-24", "3 changes of 12.0 KiB", "what came before was no longer in the log");
        assertThat(site.asked()).isEqualTo(new ApiRequest.ListSetAside(SHOP));
        Ran json = site.run(List.of(new ApiReply.SetAside(report)), "group", "set-aside", "list", "shop", "--json");
        assertThat(Json.read(json.out(), SetAsideReport.class, "the output")).isEqualTo(report);
        site.asked();
        ApiReply nothing = new ApiReply.SetAside(new SetAsideReport(SHOP, List.of()));
        assertThat(site.run(List.of(nothing), "group", "set-aside", "list", "shop")
                        .out())
                .contains("nothing of group shop was set aside");
        site.asked();
        assertThat(site.run(DONE, "group", "set-aside", "export", "shop", "8-4096", "lost.log")
                        .exitCode())
                .isZero();
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.ExportSetAside(
                        SHOP, "8-4096", Path.of("lost.log").toAbsolutePath().toString()));
        assertThat(site.run(DONE, "group", "set-aside", "drop", "shop", "8-4096")
                        .out())
                .contains("so it is");
        assertThat(site.asked()).isEqualTo(new ApiRequest.DropSetAside(SHOP, "8-4096"));
    }

    @Test
    void aRefusalOfTheSiteIsSaidInItsSentence() throws Exception {
        List<ApiReply> refusal = List.of(new ApiReply.Refusal(ErrorCode.NOT_FOUND, "nothing was set aside as 'x'"));
        for (String[] words : new String[][] {
            {"group", "set-aside", "drop", "shop", "x"},
            {"group", "set-aside", "export", "shop", "x", "/tmp/x"},
            {"group", "set-aside", "list", "shop"},
            {"group", "seeding", "shop", "--pause"},
            {"group", "export", "shop", "/tmp/x"},
            {"group", "import", "/tmp/x"},
        }) {
            Ran ran = site.run(refusal, words);
            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.err()).isEqualTo("godwit: nothing was set aside as 'x'\n");
            site.asked();
        }
        List<ApiReply> full = List.of(new ApiReply.Refusal(ErrorCode.NO_SPACE, "the disk is full"));
        assertThat(site.run(full, "group", "export", "shop", "/tmp/x").exitCode())
                .isEqualTo(1);
    }

    @Test
    void setAsideWithoutWhatItNeedsIsRefused() {
        assertRefused("Missing required", "group", "set-aside", "drop", "shop");
        assertRefused("Missing required", "group", "set-aside", "export", "shop", "8-16");
        assertRefused("cannot name a group", "group", "set-aside", "list", "..");
        assertRefused("cannot name a group", "group", "set-aside", "drop", "../shop", "8-16");
    }

    private static List<ApiReply> copied(Position position) {
        return List.of(
                new ApiReply.Copying(new CopyProgress("copying", 1 << 20, 4 << 20, 1 << 20, Optional.of(3_000L))),
                new ApiReply.Copied(new CopyReport(
                        SHOP,
                        "/mnt/shop",
                        Term.FIRST,
                        position,
                        1_795_521_600,
                        List.of(new CopyReport.Disk(
                                new DiskName("root"), ByteCount.ofMiB(8), ByteCount.ofMiB(4), "0".repeat(64))),
                        4_000,
                        "carry it")));
    }

    @Test
    void anExportShowsHowItGoesOnAndWhatItMade() throws Exception {
        Ran ran = site.run(copied(new Position(4096)), "group", "export", "shop", "out", "--max-rate", "1gbit");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .contains("1.00 MiB of   4.00 MiB")
                .contains("about 3 s left")
                .contains("1 disks of group shop with 4.00 MiB of content, as of position 4096")
                .contains("were exported to /mnt/shop; carry it");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.ExportGroup(
                        SHOP, Path.of("out").toAbsolutePath().toString(), Optional.of(BitRate.parse("1gbit"))));
    }

    @Test
    void anImportPrintsLinesOfJson() throws Exception {
        Ran ran = site.run(copied(new Position(4096)), "group", "import", "/mnt/shop", "--json");
        List<String> lines = ran.out().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(Json.read(lines.getFirst(), CopyProgress.class, "the progress")
                        .doneBytes())
                .isEqualTo(1 << 20);
        assertThat(Json.read(lines.getLast(), CopyReport.class, "the report").position())
                .isEqualTo(new Position(4096));
        assertThat(site.asked()).isEqualTo(new ApiRequest.ImportGroup("/mnt/shop"));
        assertRefused("is not a rate", "group", "export", "shop", "/mnt/shop", "--max-rate", "much");
        assertRefused("Missing required", "group", "export", "shop");
        assertRefused("Missing required", "group", "import");
    }
}
