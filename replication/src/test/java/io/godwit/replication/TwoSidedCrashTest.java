package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.replication.WriterDiary.Found;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes, a source and its replica, are killed at random moments under load, each alone and both at once, and the
 * link between them breaks in the middle of batches. After each blow: what was said to be safe is there, where it was said
 * to be; and the replica, whenever it is complete, is what the source once was, in order, with nothing left out.
 *
 * <p>{@code -Dgodwit.cycles=N} makes it go on for longer, {@code -Dgodwit.seed=N} repeats the choices of another run,
 * {@code -Dgodwit.fio=true} adds fio as one more guest, with a disk of its own.
 */
class TwoSidedCrashTest {
    private static final int CYCLES = Integer.getInteger("godwit.cycles", 8);
    private static final long SEED = Long.getLong("godwit.seed", System.nanoTime());
    private static final int COMPARED_EVERY = 8;
    /** Each is 20 s long: a busy machine may need several for a copy. */
    private static final int ATTEMPTS = 30;

    private static final int LONGEST_LIFE_MILLIS = 700;
    private static final int LONGEST_CUT_BYTES = 3 << 20;
    private static final long HISTORY_BYTES = 6 << 20;
    private static final int PARTS_A_DISK = 2;
    private static final ByteCount DISK = new ByteCount((long) PARTS_A_DISK * WriterDiary.PART_BYTES);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory = Path.of("");

    private final Random random = new Random(SEED);
    private final List<WriterDiary> diaries = new ArrayList<>();
    private final CrashSites sites = new CrashSites();
    private Mode mode = Mode.ASYNC;

    /** What a cycle does to the two sites. */
    private enum Blow {
        KILL_SOURCE,
        KILL_REPLICA,
        KILL_BOTH,
        CUT,
        SLOW_LINK,
        CHANGE_MODE
    }

    @AfterEach
    void end() throws Exception {
        sites.close();
    }

    @Test
    void whatIsSafeIsThereAndTheReplicaIsAlwaysWhatTheSourceOnceWas() throws Exception {
        System.out.println("TwoSidedCrashTest seed " + SEED);
        begin();
        for (int cycle = 1; cycle <= CYCLES; cycle++) {
            sites.startWriters(diaries, promise());
            Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
            Blow blow = any(Blow.values());
            System.out.printf("cycle %d: %s in %s%n", cycle, blow, mode);
            strike(blow);
            if (cycle % COMPARED_EVERY == 0 || cycle == CYCLES) {
                compare();
            }
        }
        assertThat(diaries).allSatisfy(diary -> assertThat(diary.safeHere()).isPositive());
    }

    private void begin() throws Exception {
        for (DiskName disk : List.of(TwoSites.ROOT, TwoSites.DATA)) {
            for (int part = 0; part < PARTS_A_DISK; part++) {
                diaries.add(new WriterDiary(disk, (long) part * WriterDiary.PART_BYTES, random.nextLong()));
            }
        }
        Files.createDirectories(east());
        Files.createDirectories(west());
        GroupStore.create(
                        east().resolve("store"),
                        CrashReplica.disks(east(), DISK),
                        Role.PRIMARY,
                        Term.FIRST,
                        Position.START,
                        TwoSites.STORE)
                .close();
        startReplica();
        startSource();
    }

    private Mode anyMode() {
        return any(Mode.values());
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private Path east() {
        return directory.resolve("east");
    }

    private Path west() {
        return directory.resolve("west");
    }

    /** In the mode that is in force, or in another one, as if that had been written down before the source died. */
    private void startSource() throws IOException {
        mode = random.nextBoolean() ? mode : anyMode();
        sites.startSource(east().resolve("store"), mode.name().toLowerCase(Locale.ROOT), history());
    }

    private void startReplica() throws IOException {
        sites.startReplica(west(), DISK, history());
    }

    private long history() {
        return random.nextBoolean() ? HISTORY_BYTES : 0;
    }

    private CrashWriters.Promise promise() {
        return new CrashWriters.Promise(mode == Mode.SYNC || mode == Mode.STRICT, mode == Mode.STRICT);
    }

    private void strike(Blow blow) throws Exception {
        switch (blow) {
            case KILL_SOURCE -> {
                sites.killSource();
                sites.joinWriters();
                startSource();
                checkSource();
            }
            case KILL_REPLICA -> {
                sites.killReplica();
                checkReplica();
                startReplica();
                sites.joinWriters();
            }
            case KILL_BOTH -> {
                sites.killBoth(random.nextBoolean());
                sites.joinWriters();
                checkReplica();
                startSource();
                checkSource();
                startReplica();
            }
            case CUT -> {
                sites.link().cutAfter(random.nextInt(LONGEST_CUT_BYTES));
                Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
                sites.joinWriters();
            }
            case SLOW_LINK -> {
                sites.link().slow(1 + random.nextInt(20));
                Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
                sites.killSource();
                sites.joinWriters();
                sites.link().slow(0);
                startSource();
                checkSource();
            }
            case CHANGE_MODE -> {
                changeMode();
                sites.joinWriters();
            }
        }
    }

    /** A promise holds from when it was made until it is taken back. */
    private void changeMode() throws IOException {
        Mode next = anyMode();
        sites.promise(new CrashWriters.Promise(false, false));
        if (sites.ask("mode " + next.name().toLowerCase(Locale.ROOT)).equals("yes")) {
            mode = next;
        }
        sites.promise(promise());
    }

    /** Through the NBD server that has just come up. */
    private void checkSource() throws IOException {
        List<Found> found = new ArrayList<>();
        for (WriterDiary diary : diaries) {
            try (PlainNbd nbd = sites.connect(diary.disk())) {
                found.add(diary.find(nbd.read(diary.diskOffset(), WriterDiary.PART_BYTES)));
            }
            assertThat(found.getLast().most()).as("safe at the source").isGreaterThanOrEqualTo(diary.safeHere());
        }
        checkOrder(found);
        for (int i = 0; i < diaries.size(); i++) {
            diaries.get(i).settle(found.get(i).most());
        }
    }

    /** What would be there if it had to take over now; nothing as long as its first copy isn't whole. */
    private void checkReplica() throws Exception {
        try (Replica opened = CrashReplica.open(west(), DISK, HistoryWindow.NONE)) {
            if (opened.status().consistent()) {
                checkReplica(opened.store().orElseThrow());
            }
            if (opened.store().isPresent()) {
                opened.store().get().close();
            }
        }
    }

    private List<Found> checkReplica(GroupStore store) throws IOException {
        List<Found> found = new ArrayList<>();
        for (WriterDiary diary : diaries) {
            byte[] content = new byte[WriterDiary.PART_BYTES];
            store.disk(diary.disk()).read(diary.diskOffset(), ByteBuffer.wrap(content));
            found.add(diary.find(content));
            assertThat(found.getLast().most()).as("safe at the replica").isGreaterThanOrEqualTo(diary.safeThere());
        }
        checkOrder(found);
        for (int i = 0; i < diaries.size(); i++) {
            diaries.get(i).forget(found.get(i).least());
        }
        return found;
    }

    /** What was answered before something else was begun must be there if the latter is. */
    private void checkOrder(List<Found> found) {
        for (int there = 0; there < found.size(); there++) {
            long begun = diaries.get(there).begun(found.get(there).least());
            for (int missing = 0; missing < found.size(); missing++) {
                long answered = diaries.get(missing)
                        .firstAnsweredBehind(found.get(missing).most());
                assertThat(answered)
                        .as(
                                "the first step of writer %d that is missing, when step %d of writer %d is there",
                                missing, found.get(there).least(), there)
                        .isGreaterThan(begun);
            }
        }
    }

    /** Lets the replica catch up, kills both, and holds what they left next to each other. */
    private void compare() throws Exception {
        String head = sites.ask("caught-up");
        for (int attempt = 0; head.equals("no") && attempt < ATTEMPTS; attempt++) {
            head = sites.ask("caught-up");
        }
        assertThat(head).as("where the replica has caught up").isNotEqualTo("no");
        sites.killBoth(true);
        Position end = new Position(Long.parseLong(head));
        try (GroupStore source = GroupStore.open(east().resolve("store"), TwoSites.STORE);
                GroupStore replica = GroupStore.open(west().resolve("store"), TwoSites.STORE)) {
            assertThat(source.head()).isEqualTo(end);
            assertThat(replica.end()).isEqualTo(source.end());
            List<Found> found = checkReplica(replica);
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i).most())
                        .isGreaterThanOrEqualTo(diaries.get(i).lastAnswered());
            }
            assertThat(TwoSites.digests(replica, end)).isEqualTo(TwoSites.digests(source, end));
        }
        startReplica();
        startSource();
    }
}
