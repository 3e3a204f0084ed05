package io.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.EssentialReport;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What machines can't do without, as it is asked for and told. */
@Timeout(60)
class EssentialCommandTest {
    private static final GroupName SHOP = new GroupName("shop");
    private static final EssentialReport SAVED =
            new EssentialReport(new VmName("db"), new ByteCount(512), true, Instant.EPOCH);

    @RegisterExtension
    final FakeSite site = new FakeSite();

    @Test
    void whatWasSavedIsTold() throws Exception {
        FakeSite.Ran ran = site.run(List.of(new ApiReply.EssentialSaved(List.of(SAVED))), "essential", "save", "shop");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("machine db", "512 B", "saved");
        assertThat(site.asked()).isEqualTo(new ApiRequest.SaveEssential(SHOP));
        FakeSite.Ran json =
                site.run(List.of(new ApiReply.EssentialSaved(List.of(SAVED))), "essential", "save", "shop", "--json");
        assertThat(Json.read(json.out(), EssentialReport[].class, "the output")).containsExactly(SAVED);
    }

    @Test
    void aMachineMayDoWithout() throws Exception {
        FakeSite.Ran ran = site.run(
                List.of(new ApiReply.Done("machine db does without")), "essential", "skip", "shop", "--machine", "db");
        assertThat(ran.out()).contains("does without");
        assertThat(site.asked()).isEqualTo(new ApiRequest.SkipEssential(SHOP, new VmName("db")));
        assertThat(site.run("essential", "skip", "shop").exitCode()).isEqualTo(2);
    }

    @Test
    void aCommandThatFailedInTheMachineIsToldAndTheExitCodeIsOne() throws Exception {
        FakeSite.Ran ran = site.run(
                List.of(new ApiReply.Refusal(ErrorCode.FAILED, "in machine db, /bin/dump ended with 1")),
                "essential",
                "save",
                "shop");
        assertThat(ran.err()).contains("/bin/dump ended with 1");
        assertThat(ran.exitCode()).isEqualTo(1);
    }
}
