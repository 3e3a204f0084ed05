package io.godwit.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
    record Sample(GroupName group, ByteCount size, Position position, Optional<String> note) {}

    private static final Sample SAMPLE =
            new Sample(new GroupName("shop"), ByteCount.ofMiB(1), new Position(7), Optional.empty());

    @Test
    void namesAreStringsAndAmountsAreNumbers() {
        assertThat(Json.line(SAMPLE)).isEqualTo("{\"group\":\"shop\",\"size\":1048576,\"position\":7,\"note\":null}");
        assertThat(Json.read(Json.bytes(SAMPLE), Sample.class, "sample")).isEqualTo(SAMPLE);
    }

    @Test
    void aSizeMayBeWrittenAsPeopleDo() {
        Sample read = Json.read("{\"group\":\"shop\",\"size\":\"1MiB\",\"position\":7}", Sample.class, "sample");
        assertThat(read).isEqualTo(SAMPLE);
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> Json.read("{\"grup\":\"shop\"}", Sample.class, "the sample"))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("the sample")
                .hasMessageContaining("grup");
        assertThatThrownBy(() -> Json.read("{\"group\":\"No!\"}", Sample.class, "the sample"))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("'No!' cannot name a group");
    }
}
