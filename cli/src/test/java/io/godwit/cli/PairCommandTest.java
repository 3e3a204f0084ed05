package io.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.cli.FakeSite.Ran;
import io.godwit.core.ErrorCode;
import io.godwit.core.SiteName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How two sites come to trust each other, and cease to. */
@Timeout(60)
class PairCommandTest {
    @RegisterExtension
    final FakeSite site = new FakeSite();

    @Test
    void aTokenIsForTheOtherSiteAndAllElseForPeople() {
        Ran ran = site.run(List.of(new ApiReply.PairingOpened("gwt1.secret", "aa:bb", 600)), "pair", "open");
        assertThat(ran.out()).isEqualToIgnoringNewLines("gwt1.secret");
        assertThat(ran.err()).contains("Valid once, for 600 seconds", "aa:bb");
    }

    @Test
    void aSiteIsForgotten() throws Exception {
        Ran ran = site.run(List.of(new ApiReply.Done("west is not trusted here any more")), "pair", "forget", "west");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("west is not trusted here any more");
        assertThat(site.asked()).isEqualTo(new ApiRequest.Forget(new SiteName("west")));
    }

    @Test
    void oneThatIsNeededIsNot() {
        Ran ran = site.run(
                List.of(new ApiReply.Refusal(ErrorCode.CONFLICT, "group shop is at west as well")),
                "pair",
                "forget",
                "west");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("group shop is at west as well");
        assertThat(site.run("pair", "forget", "West!").exitCode()).isEqualTo(2);
    }
}
