package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.DiskName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** fio as a guest that writes all over a disk and reads what it wrote, comparing checksums, until its server dies or it is stopped. */
final class FioLoad {
    private static final long END_SECONDS = 60;

    private final Process process;

    FioLoad(Path socket, DiskName disk) throws IOException {
        process = new ProcessBuilder(List.of(
                        "fio",
                        "--name=load",
                        "--thread",
                        "--ioengine=nbd",
                        "--uri=nbd+unix:///%s?socket=%s".formatted(disk, socket),
                        "--rw=randwrite",
                        "--bs=16k",
                        "--iodepth=16",
                        "--fdatasync=32",
                        "--verify=crc32c",
                        "--verify_backlog=64",
                        "--verify_fatal=1",
                        "--time_based",
                        "--runtime=3600"))
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** What it read must have been what it wrote; that its server went away is no fault. */
    void stop() throws IOException, InterruptedException {
        process.toHandle().destroyForcibly();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(END_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(said)
                .doesNotContain("verify failed")
                .doesNotContain("bad header")
                .doesNotContain("bad magic");
    }
}
