package io.godwit.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionChangeTest {
    private static final String SHOP = """
            {"name": "shop", "peer": "west", "checkpoints": {"everySeconds": 5}, "vms": [
              {"name": "db", "memory": "256MiB", "vcpus": 1, "address": "10.90.0.10", "mac": "52:54:00:00:00:0a",
               "disks": [{"name": "root", "image": "/srv/shop.raw", "size": "1GiB"}],
               "essential": {"export": ["/bin/out"], "import": ["/bin/in"]}},
              {"name": "web", "memory": "256MiB", "vcpus": 1, "address": "10.90.0.11", "mac": "52:54:00:00:00:0b",
               "disks": [{"name": "web", "image": "/srv/web.raw", "size": "1GiB"}]}]}
            """;

    private static GroupDefinition read(String json) {
        return Json.read(json, GroupDefinition.class, "shop.json");
    }

    private static DefinitionChange change(String wished) {
        return DefinitionChange.of(read(SHOP), read(wished));
    }

    private static String with(String before, String after) {
        assertThat(SHOP).contains(before);
        return SHOP.replace(before, after);
    }

    @Test
    void theSameChangesNothing() {
        assertThat(change(SHOP)).isEqualTo(new DefinitionChange(read(SHOP), List.of(), List.of()));
        assertThat(change(with(", \"size\": \"1GiB\"", "")).definition()).isEqualTo(read(SHOP));
        assertThat(change(with("\"peer\": \"west\"", "\"peer\": \"west\", \"priority\": 5, \"failover\": {}"))
                        .changed())
                .isEmpty();
    }

    @Test
    void whatIsDoneForAGroupAndItsMachinesIsTakenOver() {
        String wished = with(
                "\"peer\": \"west\"",
                "\"peer\": \"west\", \"priority\": 9, \"whenAlone\": \"serve\", \"failover\": {\"automatic\": false}");
        wished = wished.replace("/bin/out", "/bin/print");
        wished = wished.replace(
                "\"mac\": \"52:54:00:00:00:0b\"",
                "\"mac\": \"52:54:00:00:00:0b\", \"service\": {\"port\": 80}, \"after\": [\"db\"], \"readyPort\": 80");
        DefinitionChange change = change(wished);
        assertThat(change.changed())
                .containsExactly(
                        "priority",
                        "failover",
                        "whenAlone",
                        "essential of machine db",
                        "after of machine web",
                        "readyPort of machine web",
                        "service of machine web");
        assertThat(change.definition()).isEqualTo(read(wished));
        assertThat(change.left()).isEmpty();
    }

    @Test
    void whatHasACommandOfItsOwnIsLeft() {
        DefinitionChange change = change(with("\"everySeconds\": 5", "\"everySeconds\": 30"));
        assertThat(change.changed()).isEmpty();
        assertThat(change.left()).containsExactly("checkpoints");
        assertThat(change.definition().checkpoints().flatMap(CheckpointWish::everySeconds))
                .isEqualTo(Optional.of(5));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "\"west\", \"north\", \"peer\"",
                "\"west\", `\"west\", \"leaseMillis\": 9000`, \"leaseMillis\"",
                "\"name\": \"web\", \"name\": \"www\", the list of machines",
                "256MiB, 512MiB, \"memory\" of machine db",
                "\"vcpus\": 1, \"vcpus\": 2, \"vcpus\" of machine db",
                "10.90.0.11, 10.90.0.12, \"address\" of machine web",
                "00:0b, 00:0c, \"mac\" of machine web",
                "/srv/web.raw, /srv/other.raw, the list of disks of machine web",
                "1GiB, 2GiB, the list of disks of machine db",
                "\"export\", `\"maxSize\": \"8KiB\", \"export\"`, `\"essential\" state of machine db, or its maxSize`",
            })
    void whatAGroupKeepsIsRefused(String before, String after, String what) {
        assertThatThrownBy(() -> change(with(before, after))).isInstanceOfSatisfying(GodwitException.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(refused.sentence()).contains(what, "can't be changed", "godwit group show shop");
        });
    }
}
