package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes of {@link TwoSidedCrashTest}, the link between them, and the writers that the source serves. */
final class CrashSites {
    private record Running(Process process, BufferedReader answers, Writer orders) {
        /** Ends it as SIGKILL does: without a word. */
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }

    private static final boolean WITH_FIO = Boolean.getBoolean("godwit.fio");

    private final CuttableLink link;
    private final Path socket;
    private Optional<Running> source = Optional.empty();
    private Optional<Running> replica = Optional.empty();
    private Optional<CrashWriters> writers = Optional.empty();
    private Optional<FioLoad> load = Optional.empty();

    CrashSites() {
        try {
            link = new CuttableLink();
            socket = Files.createTempDirectory("godwit-crash").resolve("nbd.sock");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    CuttableLink link() {
        return link;
    }

    void startSource(Path store, String mode, long historyBytes) throws IOException {
        source = Optional.of(start(
                CrashSource.class,
                store.toString(),
                socket.toString(),
                Integer.toString(link.port()),
                mode,
                Long.toString(historyBytes)));
        heard(source.get());
    }

    void startReplica(Path directory, ByteCount disk, long historyBytes) throws IOException {
        replica = Optional.of(start(
                CrashReplica.class, directory.toString(), Long.toString(disk.bytes()), Long.toString(historyBytes)));
        link.leadTo(Integer.parseInt(heard(replica.get())));
    }

    private static Running start(Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .directory(new File("/"))
                .start();
        return new Running(
                process, process.inputReader(StandardCharsets.UTF_8), process.outputWriter(StandardCharsets.UTF_8));
    }

    private static String heard(Running from) throws IOException {
        String line = from.answers.readLine();
        if (line == null) {
            throw new IOException("the process has ended: " + from.process);
        }
        return line;
    }

    /** An order for the source, and its answer. */
    String ask(String order) throws IOException {
        Running asked = source.orElseThrow();
        asked.orders.write(order + "\n");
        asked.orders.flush();
        return heard(asked);
    }

    PlainNbd connect(DiskName disk) throws IOException {
        return new PlainNbd(socket, disk);
    }

    void startWriters(List<WriterDiary> diaries, CrashWriters.Promise promise) throws IOException {
        writers = Optional.of(new CrashWriters(socket, diaries, promise));
        load = WITH_FIO ? Optional.of(new FioLoad(socket, CrashReplica.LOAD)) : Optional.empty();
    }

    void promise(CrashWriters.Promise promise) {
        writers.orElseThrow().promise(promise);
    }

    void joinWriters() throws IOException, InterruptedException {
        if (load.isPresent()) {
            load.get().stop();
        }
        writers.orElseThrow().join();
    }

    void killSource() throws InterruptedException {
        source.orElseThrow().kill();
    }

    void killReplica() throws InterruptedException {
        replica.orElseThrow().kill();
    }

    void killBoth(boolean sourceFirst) throws InterruptedException {
        if (sourceFirst) {
            killSource();
            killReplica();
        } else {
            killReplica();
            killSource();
        }
    }

    void close() throws IOException, InterruptedException {
        for (Optional<Running> process : List.of(source, replica)) {
            if (process.isPresent()) {
                process.get().kill();
            }
        }
        if (writers.isPresent()) {
            joinWriters();
        }
        link.close();
        Files.deleteIfExists(socket);
        Files.delete(socket.getParent());
    }
}
