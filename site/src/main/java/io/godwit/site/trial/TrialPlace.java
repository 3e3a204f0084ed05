package io.godwit.site.trial;

import io.godwit.network.Bubble;
import io.godwit.network.Occupants;
import io.godwit.site.files.GroupFiles;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a test of a failover has its things, and how a daemon knows what another one that was killed has left: a file names the network
 * namespace of the test, and its processes carry a mark. The kernel gives a namespace's number again, so the number alone proves nothing: only
 * if somebody in the namespace carries the mark is it that of the test.
 */
record TrialPlace(GroupFiles files) {
    private static final Logger LOG = System.getLogger(TrialPlace.class.getName());
    private static final String MARK = "GODWIT_TEST=";

    private Path namespaceFile() {
        return files.trial().resolve("namespace");
    }

    /** What stands in the environment of every process of the test that is not a machine. */
    String marked() {
        return MARK + files.trial();
    }

    /** Makes room for a test; the logs of the last one go. */
    void prepare(Bubble bubble) throws IOException {
        empty(files.trial());
        Files.createDirectories(files.trial());
        Files.writeString(namespaceFile(), bubble.occupants().namespace());
    }

    /** Ends the processes of a test whose daemon was killed. */
    void endOccupants() throws IOException {
        Optional<Occupants> left = namespace();
        if (left.isPresent() && left.get().list().stream().anyMatch(this::isOurs)) {
            LOG.log(Level.INFO, "what a test of group {0} has left running is ended", files.group());
            left.get().end(process -> false);
        }
    }

    private Optional<Occupants> namespace() throws IOException {
        try {
            return Optional.of(new Occupants(Files.readString(namespaceFile()).strip()));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IllegalArgumentException notApart) {
            // The number was given again, and to this program's own.
            return Optional.empty();
        }
    }

    /** By its environment, or as a machine by its words. */
    private boolean isOurs(ProcessHandle process) {
        Path about = Path.of("/proc", Long.toString(process.pid()));
        return words(about.resolve("environ")).anyMatch(marked()::equals)
                || words(about.resolve("cmdline"))
                        .anyMatch(word -> word.startsWith(files.trial().toString()));
    }

    private static Stream<String> words(Path file) {
        try {
            return Arrays.stream(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0", -1));
        } catch (IOException ended) {
            return Stream.empty();
        }
    }

    /** Removes what a test of an earlier daemon has left on disks. */
    void remove() throws IOException {
        empty(files.trial());
        Files.deleteIfExists(files.trial());
        empty(files.scratch());
    }

    private static void empty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.skip(1).sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
