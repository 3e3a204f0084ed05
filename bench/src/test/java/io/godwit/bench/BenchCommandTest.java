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

    @ParameterizedTest
    @CsvSource({
        "--rounds,0,--rounds 0",
        "--rtt,5000,--rtt 5000",
        "--rtt,fast,--rtt",
        "--rate,0,--rate 0",
        "--case,sequential,no case is called 'sequential'",
        "--dir,/nowhere,--dir /nowhere",
        "--report,/nowhere/report.json,--report /nowhere/report.json"
    })
    void wrongInputOfReplicationIsRefusedToo(String option, String value, String sentence) {
        StringWriter said = new StringWriter();
        CommandLine command = BenchMain.commandLine().setErr(new PrintWriter(said));
        assertThat(command.execute("bench", "replication", option, value)).isEqualTo(2);
        assertThat(said.toString()).startsWith("godwit: ").contains(sentence).hasLineCount(1);
    }

    @Test
    void aReplicatedDiskIsMeasuredBesideTheMirrorAndNothingIsLeft() throws IOException {
        Path report = directory.resolve("report.json");
        Path work = Files.createDirectory(directory.resolve("w"));
        int exit = BenchMain.commandLine()
                .execute(
                        "bench",
                        "replication",
                        "--rounds=1",
                        "--rtt=2",
                        "--rate=1000",
                        "--case=sync-flush-qd1,sync-write",
                        "--dir=" + work,
                        "--report=" + report);
        assertThat(exit).isZero();
        JsonNode rows = Json.read(Files.readString(report), JsonNode.class, "the report")
                .path("rows");
        assertThat(rows.findValuesAsString("case"))
                .containsExactly("sync-flush-qd1-rtt2", "sync-flush-qd1-rtt2", "sync-write-qd32-rtt2");
        assertThat(rows.findValuesAsString("peer")).containsExactly("blockdev-mirror", "round trip", "blockdev-mirror");
        assertThat(rows.findValues("median"))
                .allSatisfy(figure -> assertThat(figure.asDouble()).isPositive());
        assertThat(work).isEmptyDirectory();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .isEmpty();
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
