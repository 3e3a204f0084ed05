package io.godwit.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.GodwitException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {
    @Test
    void isReadAsItIsWritten() {
        Fault fault = Fault.parse("kill-source-daemon@precopy");
        assertThat(fault).isEqualTo(new Fault(Fault.Kind.KILL_SOURCE_DAEMON, Fault.Moment.PRECOPY));
        assertThat(fault).hasToString("kill-source-daemon@precopy");
        assertThat(fault.phase()).isEqualTo("precopy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "link-down", "link-down@", "@precopy", "link-down@lunch", "hammer@final", "a@b@c"})
    void whatIsNoFaultIsRefusedWithWhatThereIs(String text) {
        assertThatThrownBy(() -> Fault.parse(text))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("'");
    }
}
