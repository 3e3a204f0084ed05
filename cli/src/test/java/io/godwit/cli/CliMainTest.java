package io.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every command explains itself, and says in one sentence what is wrong with its input. */
class CliMainTest {
    private static final int REFUSED = 2;

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = CliMain.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Ran(command.execute(words), out.toString(), err.toString());
    }

    private static List<List<String>> commands(CommandLine command, List<String> path) {
        List<List<String>> all = new ArrayList<>(List.of(path));
        command.getSubcommands().forEach((name, below) -> {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(name);
            all.addAll(commands(below, deeper));
        });
        return all;
    }

    @Test
    void everyCommandExplainsItself() {
        for (List<String> path : commands(CliMain.commandLine(), List.of())) {
            List<String> words = new ArrayList<>(path);
            words.add("--help");
            Ran ran = run(words.toArray(String[]::new));
            assertThat(ran.exitCode()).as(ran.err()).isZero();
            assertThat(ran.out()).contains("Usage: godwit");
        }
    }

    @Test
    void aPointIsNamedInExactlyOneWay() {
        assertRefused("name the point in one way", "points", "open", "shop");
        assertRefused("name the point in one way", "points", "open", "shop", "newest", "--ago", "5m");
        assertRefused("is not a span of time", "group", "rewind", "shop", "--ago", "5 minutes");
        assertRefused("is not a time", "group", "rewind", "shop", "--at", "noon");
        assertRefused("cannot name a mark", "points", "open", "shop", "Über");
        assertRefused("whose points?", "points");
        assertRefused("cannot name a group", "points", "SHOP");
        assertRefused("is not a size", "group", "history", "shop", "--max-bytes", "much");
    }

    private static void assertRefused(String sentence, String... words) {
        Ran ran = run(words);
        assertThat(ran.exitCode()).as(String.join(" ", words)).isEqualTo(REFUSED);
        assertThat(ran.err()).contains(sentence);
    }
}
