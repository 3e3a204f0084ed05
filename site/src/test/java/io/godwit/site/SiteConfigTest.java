package io.godwit.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteConfigTest {
    @TempDir
    Path directory = Path.of("");

    private SiteConfig load(String more) throws IOException {
        return SiteConfig.load(Files.writeString(directory.resolve("site.json"), """
                {
                  "name": "east", "stateDir": "/var/lib/godwit", "runDir": "/run/godwit", "ramDir": "/dev/shm/godwit",
                  "listen": "192.0.2.1:7400", "underlay": "192.0.2.1",
                  "service": {"bridge": "gwservice", "gateway": "10.90.0.1/24", "gatewayMac": "52:54:00:67:77:01"},
                  "bgpPort": 50051%s
                }
                """.formatted(more)));
    }

    @Test
    void disksAreOfferedToNobodyUnlessThatIsWanted() throws Exception {
        SiteConfig config = load("");
        assertThat(config.nbd()).isEmpty();
        config.readers().close();
        assertThat(load(", \"nbd\": {\"listen\": \"192.0.2.1:10809\", \"certificates\": \"/etc/godwit/nbd\"}")
                        .nbd())
                .contains(new SiteConfig.Nbd("192.0.2.1:10809", "/etc/godwit/nbd"));
    }

    @Test
    void aPortForReadersThatCanNotBeIsRefused() throws Exception {
        for (String wrong : new String[] {
            "{\"listen\": \"10809\", \"certificates\": \"/etc/godwit/nbd\"}",
            "{\"listen\": \"192.0.2.1:10809\", \"certificates\": \"nbd\"}",
            "{\"listen\": \"192.0.2.1:10809\", \"certificates\": \"/etc/godwit/nbd\", \"plain\": true}"
        }) {
            assertThatThrownBy(() -> load(", \"nbd\": " + wrong)).isInstanceOf(GodwitException.class);
        }
        SiteConfig config =
                load(", \"nbd\": {\"listen\": \"127.0.0.1:10809\", \"certificates\": \"%s\"}".formatted(directory));
        assertThatThrownBy(config::readers).hasMessageContaining("server-cert.pem");
    }

    @Test
    void metricsAreOfferedOnlyWhereTheConfigurationSays() throws Exception {
        assertThat(load("").metricsAddress()).isEmpty();
        assertThat(load(", \"metrics\": \"127.0.0.1:9464\"").metricsAddress())
                .hasValueSatisfying(address -> assertThat(address).hasToString("127.0.0.1:9464"));
    }

    @Test
    void metricsAreOfferedToNobodyElse() throws Exception {
        assertThatThrownBy(() -> load(", \"metrics\": \"192.0.2.1:9464\""))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("loopback address only");
    }

    @Test
    void votersAreAtLeastThreeAndTheSiteIsOneOfThem() throws Exception {
        assertThat(load("").voters()).isEmpty();
        assertThat(load(", \"voters\": [\"east\", \"west\", \"witness\"]").voters())
                .hasValueSatisfying(voters -> assertThat(voters).contains(new SiteName("witness")));
        assertThatThrownBy(() -> load(", \"voters\": [\"east\", \"west\"]"))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("name the two sites and a witness");
        assertThatThrownBy(() -> load(", \"voters\": [\"north\", \"west\", \"witness\"]"))
                .hasMessageContaining("east is not among its own voters");
    }
}
