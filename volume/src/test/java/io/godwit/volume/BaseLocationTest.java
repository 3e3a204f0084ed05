package io.godwit.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseLocationTest {
    @Test
    void anAbsolutePathIsAFileOrDevice() {
        assertThat(BaseLocation.parse("/dev/vg/disk")).isEqualTo(new BaseLocation.Local(Path.of("/dev/vg/disk")));
        assertThat(BaseLocation.parse("/srv/a b/../disk.raw").toString()).isEqualTo("/srv/disk.raw");
        assertThat(BaseLocation.parse("/odd://name")).isInstanceOf(BaseLocation.Local.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nbd+unix:///?socket=/run/base.sock",
                "nbd://192.0.2.7:10809/disk",
                "nbds://storage/disk?tls-certificates=/etc/pki/nbd",
                "nbds+unix:///disk?socket=/run/base.sock"
            })
    void aUriIsAServer(String uri) {
        assertThat(BaseLocation.parse(uri)).isEqualTo(new BaseLocation.Remote(uri));
        assertThat(BaseLocation.parse(uri).toString()).isEqualTo(uri);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "disk.raw", "http://host/disk", "nbd:host:10809", "nbd://host/a b", "/srv/a\nb"})
    void whatIsNeitherIsRefused(String text) {
        assertThatThrownBy(() -> BaseLocation.parse(text))
                .isInstanceOfSatisfying(
                        GodwitException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_INPUT));
    }
}
