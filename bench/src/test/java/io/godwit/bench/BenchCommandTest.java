package io.godwit.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class BenchCommandTest {
    @TempDir
    Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "--rounds,0,--rounds 0",
        "--runtime,3,--runtime 3",
        "--runtime,0s,--runtime 0s",
        "--case,sequential,no case is called 'sequential'",
        "--disk,1KiB,--disk 1KiB",
        "--disk,much,is not a size",
        "--dir,/nowhere,--dir /nowhere",
        "--report,/nowhere/report.json,--report /nowhere/report.json",
        "--unknown,1,Unknown options"
    })
    void wrongInputIsRefusedWithASentence(String option, String value, String sentence) {
        StringWriter said = new StringWriter();
        CommandLine command = BenchMain.commandLine().setErr(new PrintWriter(said));
        assertThat(command.execute("bench", "nbd", option, value)).isEqualTo(2);
        assertThat(said.toString()).startsWith("godwit: ").contains(sentence).hasLineCount(1);
    }

    @Test
    void allThreeServersAreMeasuredAndNothingIsLeft() throws IOException {
        Path report = directory.resolve("report.json");
        Path work = Files.createDirectory(directory.resolve("work"));
        int exit = BenchMain.commandLine()
                .execute(
                        "bench",
                        "nbd",
                        "--rounds=1",
                        "--runtime=1s",
                        "--disk=64MiB",
                        "--case=randrw70,nbdcopy,qemu-img-read",
                        "--dir=" + work,
                        "--report=" + report);
        assertThat(exit).isZero();
        JsonNode rows = Json.read(Files.readString(report), JsonNode.class, "the report")
                .path("rows");
        assertThat(rows.findValuesAsString("case"))
                .containsExactly(
                        "randrw70-4k-qd16",
                        "randrw70-4k-qd16",
                        "nbdcopy-read",
                        "nbdcopy-read",
                        "qemu-img-read-4k-qd16",
                        "qemu-img-read-4k-qd16");
        assertThat(rows.findValuesAsString("peer")).contains("qemu-nbd", "nbdkit");
        assertThat(rows.findValues("median"))
                .allSatisfy(figure -> assertThat(figure.asDouble()).isPositive());
        assertThat(work).isEmptyDirectory();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .isEmpty();
    }
}
