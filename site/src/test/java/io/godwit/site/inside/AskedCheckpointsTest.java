package io.godwit.site.inside;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.VmName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Machines ask over sockets like QEMU's, and nothing that one of them does holds up the others. */
@Timeout(60)
class AskedCheckpointsTest {
    @TempDir
    Path directory = Path.of("");

    private final Map<VmName, Path> serving = new ConcurrentHashMap<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final Semaphore mayBeTaken = new Semaphore(0);
    private volatile Optional<GodwitException> refusal = Optional.empty();

    private FakeMachine db;
    private FakeMachine web;
    private AskedCheckpoints asked;

    private Position take() throws IOException, InterruptedException {
        mayBeTaken.acquire();
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return new Position(taken.incrementAndGet());
    }

    private AskedCheckpoints begin() {
        AskedCheckpoints begun = new AskedCheckpoints("shop", () -> Map.copyOf(serving), this::take);
        begun.start();
        return begun;
    }

    @BeforeEach
    void connect() throws IOException {
        db = new FakeMachine(directory, "db");
        web = new FakeMachine(directory, "web");
        serving.put(db.name, db.port);
        serving.put(web.name, web.port);
        asked = begin();
        for (FakeMachine machine : List.of(db, web)) {
            machine.accept();
            assertThat(machine.hear()).isEqualTo("ready");
        }
    }

    @AfterEach
    void end() throws IOException {
        asked.close();
        db.close();
        web.close();
    }

    @Test
    void whoAsksIsToldThePositionOfTheCheckpoint() throws IOException {
        mayBeTaken.release();
        db.say("\ncheckpoint nightly\n");
        assertThat(db.hear()).isEqualTo("nightly done 1");
    }

    @Test
    void thoseWhoAskWhileOneIsTakenAreAnsweredTogetherByTheNext() throws Exception {
        db.say("checkpoint a\n");
        while (!mayBeTaken.hasQueuedThreads()) {
            Thread.sleep(1);
        }
        // The refusal says that what came before it has been read.
        db.say("checkpoint b\ncheckpoint c\nnonsense\n");
        web.say("checkpoint d\nnonsense\n");
        assertThat(db.hear()).startsWith("- refused ");
        assertThat(web.hear()).startsWith("- refused ");
        mayBeTaken.release(2);
        assertThat(List.of(db.hear(), db.hear(), db.hear())).containsExactly("a done 1", "b done 2", "c done 2");
        assertThat(web.hear()).isEqualTo("d done 2");
        assertThat(taken).hasValue(2);
    }

    @Test
    void aRefusalIsToldAndTheNextMayWork() throws IOException {
        refusal = Optional.of(new GodwitException(ErrorCode.CONFLICT, "group shop is being moved"));
        mayBeTaken.release();
        db.say("checkpoint a\n");
        assertThat(db.hear()).isEqualTo("a refused group shop is being moved");
        refusal = Optional.empty();
        mayBeTaken.release();
        db.say("checkpoint a\n");
        assertThat(db.hear()).isEqualTo("a done 1");
    }

    @Test
    void aMachineThatFloodsAndReadsNothingHoldsNobodyUp() throws Exception {
        Thread flood = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; true; i++) {
                    db.say("checkpoint t%d\n%s\n".formatted(i, "x".repeat(i % 300)));
                }
            } catch (IOException ended) {
                // The other side has had enough, or the test is over.
            }
        });
        mayBeTaken.release(1_000);
        for (int i = 0; i < 3; i++) {
            web.say("checkpoint w%d\n".formatted(i));
            assertThat(web.hear()).startsWith("w%d done ".formatted(i));
        }
        db.close();
        flood.join();
    }

    @Test
    void theNextDaemonSaysThatItIsThereAndIsAskedAgain() throws IOException {
        db.say("checkpoint a\n");
        asked.close();
        assertThat(db.hear()).isEqualTo("(end)");
        asked = begin();
        db.accept();
        assertThat(db.hear()).isEqualTo("ready");
        mayBeTaken.release(2);
        db.say("checkpoint a\n");
        assertThat(db.hear()).startsWith("a done ");
    }

    @Test
    void nobodyIsListenedToWhileTheGroupIsServedElsewhere() throws IOException {
        serving.clear();
        assertThat(db.hear()).isEqualTo("(end)");
        serving.put(db.name, db.port);
        db.accept();
        assertThat(db.hear()).isEqualTo("ready");
    }

    @Test
    void aMachineWhoseQemuHasEndedIsConnectedToAnewWhenThereIsAnother() throws IOException {
        db.accept();
        assertThat(db.hear()).isEqualTo("ready");
    }
}
