package io.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Bad input is refused with one sentence and exit code 2, before anything is made. */
class LabMainTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "up --rtt soon",
                "up --rtt -1ms",
                "up --rate 100",
                "up --loss 101",
                "up --loss much",
                "up --queue 1",
                "up --mtu 10",
                "up --site-disk 1MiB",
                "up --name Upper",
                "up --name name-that-is-too-long",
                "up --nonsense",
                "status --name nobody",
                "link wan --rate 1gbit --name nobody",
                "link wan --up --down --name nobody",
                "exec east --name nobody -- true",
                "exec",
                "down --name nobody",
                "sideways"
            })
    void badInputIsRefusedWithOneSentence(String words) {
        StringWriter error = new StringWriter();
        CommandLine command = LabMain.commandLine().setErr(new PrintWriter(error));
        assertThat(command.execute(("lab " + words).split(" ", -1))).isEqualTo(2);
        assertThat(error.toString().strip()).isNotEmpty().doesNotContain("\n", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "up --help", "status --help", "link --help", "exec --help", "down --help"})
    void everyCommandExplainsItself(String words) {
        StringWriter out = new StringWriter();
        CommandLine command = LabMain.commandLine().setOut(new PrintWriter(out));
        assertThat(command.execute(("lab " + words).split(" ", -1))).isZero();
        assertThat(out.toString()).contains("Usage: godwit lab");
    }

    @Test
    void timesAreReadFromText() {
        assertThat(LinkOptions.duration("40ms")).hasMillis(40);
        assertThat(LinkOptions.duration("1.5 s")).hasMillis(1_500);
        assertThat(LinkOptions.duration("200us")).hasNanos(200_000);
    }
}
