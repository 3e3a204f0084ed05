package io.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.GroupDefinition;
import io.godwit.core.ErrorCode;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A group's definition: what is in force, and what it is to be. */
@Timeout(60)
class GroupCommandTest {
    private static final GroupDefinition SHOP = Json.read("""
            {"name": "shop", "peer": "west", "vms": [
              {"name": "db", "memory": "256MiB", "vcpus": 1, "address": "10.90.0.10", "mac": "52:54:00:00:00:0a",
               "service": {"port": 6379},
               "disks": [{"name": "root", "image": "/srv/shop.raw", "size": "1GiB"}]}]}
            """, GroupDefinition.class, "shop.json");

    @TempDir
    Path directory = Path.of("");

    @RegisterExtension
    final FakeSite site = new FakeSite();

    @Test
    void whatIsShownCanBeEditedAndGivenBack() throws Exception {
        FakeSite.Ran shown = site.run(List.of(new ApiReply.Definition(SHOP)), "group", "show", "shop");
        assertThat(shown.exitCode()).isZero();
        assertThat(site.asked()).isEqualTo(new ApiRequest.ShowDefinition(new GroupName("shop")));
        Path file = Files.writeString(directory.resolve("shop.json"), shown.out());
        FakeSite.Ran changed = site.run(List.of(new ApiReply.Done("done")), "group", "change", file.toString());
        assertThat(changed.exitCode()).isZero();
        assertThat(changed.out()).isEqualToIgnoringNewLines("done");
        assertThat(site.asked()).isEqualTo(new ApiRequest.ChangeDefinition(SHOP));
    }

    @Test
    void aProgramGetsJson() throws Exception {
        Path file = Files.writeString(directory.resolve("shop.json"), Json.line(SHOP));
        FakeSite.Ran ran = site.run(List.of(new ApiReply.Done("done")), "group", "change", file.toString(), "--json");
        assertThat(Json.read(ran.out(), ApiReply.Done.class, "the output")).isEqualTo(new ApiReply.Done("done"));
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        assertThat(site.run("group", "change", directory.resolve("none").toString())
                        .err())
                .contains("there is no group definition at");
        Path file = Files.writeString(directory.resolve("shop.json"), "{\"name\": \"shop\"}");
        assertThat(site.run("group", "change", file.toString()).exitCode()).isEqualTo(2);
        FakeSite.Ran refused = site.run(
                List.of(new ApiReply.Refusal(ErrorCode.NOT_FOUND, "there is no group shop")), "group", "show", "shop");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("there is no group shop");
    }
}
