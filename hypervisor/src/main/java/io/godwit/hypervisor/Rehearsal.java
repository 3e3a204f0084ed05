package io.godwit.hypervisor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What is said and carried while a guest stands still, once without a guest: its classes are loaded and its code is
 * compiled before the first pause, which is some 50 ms shorter for it.
 */
public final class Rehearsal {
    private static final int ANSWERS = 400;
    private static final int STATES = 5;
    private static final int STATE_BYTES = 320 << 10;
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    /** What QEMU answers to query-migrate when a device state was saved. */
    private static final String SAVED = """
            {"return": {"status": "completed", "setup-time": 0, "downtime": 2, "total-time": 4, "ram": {"total": 532480,\
             "postcopy-requests": 0, "dirty-sync-count": 2, "page-size": 4096, "remaining": 0, "mbps": 669.642,\
             "transferred": 210100, "duplicate": 79, "dirty-pages-rate": 0, "normal": 51}}, "id": 17}""";

    private static final String RUNNING = """
            {"return": {"status": "running", "singlestep": false, "running": true}, "id": 18}""";

    private static final String STOPPED = """
            {"timestamp": {"seconds": 1767225600, "microseconds": 123456}, "event": "STOP"}""";

    private Rehearsal() {}

    /** Takes a fraction of a second; {@code directory} holds a socket for that time. */
    public static void run(Path directory) throws IOException, InterruptedException {
        for (int i = 0; i < ANSWERS; i++) {
            requireAnswer("completed", SAVED);
            requireAnswer("running", RUNNING);
            QmpMessage.parse(STOPPED);
        }
        Path place = Files.createTempDirectory(directory, "rehearsal-");
        try {
            for (int i = 0; i < STATES; i++) {
                carryState(place.resolve("state"));
            }
        } finally {
            Files.delete(place);
        }
    }

    private static void requireAnswer(String status, String line) {
        if (!(QmpMessage.parse(line) instanceof QmpMessage.Answer answer)
                || !answer.value().path("status").asString("").equals(status)) {
            throw new IllegalStateException("this should have said %s: %s".formatted(status, line));
        }
        VmState.parse(status);
    }

    private static void carryState(Path socket) throws IOException, InterruptedException {
        try (StateStream stream = new StateStream(socket)) {
            StateStream.write(socket, ByteBuffer.allocate(STATE_BYTES), AT_MOST);
            if (stream.await(AT_MOST).length != STATE_BYTES) {
                throw new IllegalStateException("a state was carried in part");
            }
        }
    }
}
