package io.godwit.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import java.util.List;
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

    enum Colour {
        @JsonProperty("red")
        RED,
        @JsonProperty("blue")
        BLUE
    }

    record Wheel(int spokes, Colour colour) {}

    record Car(List<Wheel> wheels) {}

    record Wagon(List<Wheel> wheels) {
        Wagon {
            wheels = List.copyOf(wheels);
        }
    }

    private static void assertSentence(String json, String sentence) {
        assertThatThrownBy(() -> Json.read(json, Car.class, "car.json"))
                .isInstanceOf(GodwitException.class)
                .hasMessage("car.json: " + sentence);
    }

    @Test
    void theWrongPlaceIsNamedAndWhatCouldStandThere() {
        assertSentence(
                "{\"wheels\":[{\"colour\":\"green\"}]}", "wheels[0].colour is 'green', but can only be red, blue");
        assertSentence(
                "{\"wheels\":[{},{\"spokes\":\"ten\"}]}",
                "wheels[1].spokes is of another kind, where a whole number is expected");
        assertThatThrownBy(() -> Json.read("[]", Car.class, "car.json"))
                .hasMessage("car.json is of another kind, where an object in { } is expected");
        assertThatThrownBy(() -> Json.read("{\"wheels\":[],\"wheels\":[]}", Car.class, "car.json"))
                .hasMessageContaining("Duplicate");
        assertThatThrownBy(() -> Json.read("{\"wheels\":[{\"spokes\":1.5}]}", Car.class, "car.json"))
                .hasMessageStartingWith("car.json: wheels[0].spokes");
        assertThatThrownBy(() -> Json.read("{}", Wagon.class, "wagon.json"))
                .hasMessage("wagon.json lacks a key that must be there, or has null for it");
        assertSentence("{\"wheels\":{}}", "wheels is of another kind, where a list in [ ] is expected");
        assertSentence(
                "{\"wheels\":[{\"spokes\":99999999999}]}", "wheels[0].spokes is a number that has no room there");
        assertSentence("{\"wheels\":[{\"colour\":1}]}", "wheels[0].colour is '1', but can only be red, blue");
        assertThatThrownBy(() -> Json.read("{\"wheels\":[{\"spokes\":\"5\"}]}", Car.class, "car.json"))
                .hasMessageStartingWith("car.json: wheels[0].spokes");
        assertThatThrownBy(() -> Json.read("{\"wheels\":[{\"spoke\":5}]}", Car.class, "car.json"))
                .hasMessage("car.json has a key 'wheels[0].spoke' that means nothing here");
        assertSentence("{\"wheels\":[7]}", "wheels[0] is of another kind, where an object in { } is expected");
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
