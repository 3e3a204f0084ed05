package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The way of a device state out of one QEMU and into another: QEMU's own migration, without RAM, over a private unix
 * socket. QEMU closes the socket when it is done or gives up; only then it is asked how it went.
 */
final class DeviceTransfer {
    private static final Duration AT_MOST = Duration.ofSeconds(20);
    private static final Duration LAST_WORDS = Duration.ofMillis(200);
    private static final Duration POLL = Duration.ofMillis(1);

    /** A device state is small; QEMU must not hold it back to be gentle to the network. */
    private static final long UNLIMITED_BYTES_PER_SECOND = 1L << 40;

    private final VmSpec spec;
    private final RunDirectory run;
    private final QemuProcess process;
    private final QmpClient qmp;

    DeviceTransfer(VmSpec spec, QemuProcess process, QmpClient qmp) {
        this.spec = spec;
        this.run = new RunDirectory(spec.runDir());
        this.process = process;
        this.qmp = qmp;
    }

    /** Says once, before anything else, that RAM in a shared file isn't part of the state. */
    void prepare() {
        Map<String, Object> sharedRam = Map.of("capability", "x-ignore-shared", "state", true);
        qmp.execute("migrate-set-capabilities", Map.of("capabilities", List.of(sharedRam)));
        qmp.execute("migrate-set-parameters", Map.of("max-bandwidth", UNLIMITED_BYTES_PER_SECOND));
    }

    /** Makes QEMU listen for a state. */
    void expect() {
        qmp.execute("migrate-incoming", Map.of("uri", "unix:" + run.incoming()));
    }

    byte[] save() throws IOException, InterruptedException {
        try (StateStream stream = new StateStream(run.outgoing())) {
            qmp.execute("migrate", Map.of("uri", "unix:" + run.outgoing()));
            byte[] state = stream.await(AT_MOST);
            awaitCompletion();
            return state;
        }
    }

    void load(ByteBuffer state) throws IOException, InterruptedException {
        try {
            StateStream.write(run.incoming(), state, AT_MOST);
        } catch (IOException broken) {
            progress();
            throw broken;
        }
        awaitCompletion();
    }

    private void awaitCompletion() throws InterruptedException {
        long deadline = System.nanoTime() + AT_MOST.toNanos();
        while (true) {
            JsonNode migration = progress();
            switch (migration.path("status").asString("")) {
                case "completed" -> {
                    return;
                }
                case "failed", "cancelled" ->
                    throw failure(migration.path("error-desc").asString("it gave no reason"));
                default -> {
                    if (System.nanoTime() > deadline) {
                        qmp.execute("migrate_cancel", Map.of());
                        throw failure("it took more than %d s".formatted(AT_MOST.toSeconds()));
                    }
                    Thread.sleep(POLL);
                }
            }
        }
    }

    /** QEMU 7.2 ends itself when a state can't be loaded; its log says why. */
    private JsonNode progress() throws InterruptedException {
        try {
            return qmp.execute("query-migrate", Map.of());
        } catch (GodwitException unreachable) {
            if (process.awaitExit(LAST_WORDS)) {
                throw failure(process.lastWords());
            }
            throw unreachable;
        }
    }

    private GodwitException failure(String reason) {
        return new GodwitException(
                ErrorCode.FAILED, "QEMU could not hand over the devices of %s: %s".formatted(spec.name(), reason));
    }
}
