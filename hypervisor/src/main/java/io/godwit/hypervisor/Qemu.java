package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A running QEMU with one guest. The process doesn't end with this object, nor with this program: {@link #adopt} finds
 * it again. Methods block, may be called from any thread, and fail with a GodwitException that holds QEMU's own words.
 */
public final class Qemu implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Qemu.class.getName());
    private static final Duration START_TIME = Duration.ofSeconds(20);
    private static final Duration ANY_TIME = Duration.ofDays(365);
    private static final Duration STOP_TIME = Duration.ofSeconds(30);
    private static final Duration EXIT_TIME = Duration.ofSeconds(10);
    private static final Duration LOOK_TIME = Duration.ofSeconds(10);
    /** How long an adopted one is waited for; one that waits for its disks answers when these are served. */
    private static final Duration ADOPTION_TIME = Duration.ofSeconds(2);

    private final VmSpec spec;
    private final RunDirectory run;
    private final QemuProcess process;
    private final List<Consumer<GuestEvent>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Talk> talk = new CompletableFuture<>();
    private final LogCap logs;
    private volatile boolean closed;

    /** Whether it may still be without a state to run; spares a question in the pause. */
    private volatile boolean incoming = true;

    /** What can be said to it once it answers. */
    private record Talk(QmpClient qmp, DeviceTransfer devices) {}

    private Qemu(VmSpec spec, QemuProcess process) {
        this.spec = spec;
        this.run = new RunDirectory(spec.runDir());
        this.process = process;
        this.logs = new LogCap(List.of(run.log(), run.console()));
    }

    /**
     * Starts a QEMU. It returns when the guest runs ({@link Start#BOOT}), or when QEMU has set up the machine and will
     * not touch the RAM any more until a device state is loaded ({@link Start#INCOMING}).
     */
    public static Qemu start(VmSpec spec, Start start) throws IOException, InterruptedException {
        if (spec.nic().isPresent()) {
            spec.nic().get().requireTap();
        }
        QemuProgram.locate();
        if (QemuProcess.find(spec).isPresent()) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "%s has a QEMU already, in %s".formatted(spec.name(), spec.runDir()));
        }
        new RunDirectory(spec.runDir()).prepare();
        GuestRam.reserve(spec);
        try {
            return begin(spec, start);
        } catch (IOException | InterruptedException | RuntimeException failure) {
            GuestRam.release(spec);
            throw failure;
        }
    }

    private static Qemu begin(VmSpec spec, Start start) throws IOException, InterruptedException {
        QemuProcess process = QemuProcess.spawn(spec, QemuArguments.of(spec, start));
        try {
            Qemu qemu = new Qemu(spec, process);
            try {
                qemu.converse(START_TIME);
                qemu.begin(start);
                return qemu;
            } catch (IOException | InterruptedException | RuntimeException failure) {
                qemu.close();
                throw failure;
            }
        } catch (IOException | InterruptedException | RuntimeException failure) {
            process.kill();
            process.awaitExit(EXIT_TIME);
            throw failure;
        }
    }

    /**
     * The QEMU that an earlier run of this program started for this machine, if it is alive. One that was being paused while a disk's requests
     * were under way doesn't answer before these are: it is adopted all the same, and whatever is asked of it waits until it answers.
     */
    public static Optional<Qemu> adopt(VmSpec spec) throws IOException, InterruptedException {
        Optional<QemuProcess> process = QemuProcess.find(spec);
        if (process.isEmpty()) {
            return Optional.empty();
        }
        Qemu qemu = new Qemu(spec, process.get());
        Thread.ofVirtual().name("adopt-" + spec.name()).start(qemu::converseAtLast);
        try {
            qemu.talk.get(ADOPTION_TIME.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException later) {
            LOG.log(Level.WARNING, "{0}; its disks are served first", qemu.silence());
        } catch (InterruptedException stopped) {
            qemu.close();
            throw stopped;
        }
        return Optional.of(qemu);
    }

    /**
     * Ends the QEMU that {@link #adopt} would find, without talking to it, and removes its RAM; a QEMU that waits for a
     * disk would not answer. Says whether there was one.
     */
    public static boolean killAbandoned(VmSpec spec) throws IOException, InterruptedException {
        Optional<QemuProcess> process = QemuProcess.find(spec);
        if (process.isPresent()) {
            end(spec, process.get());
            clear(spec);
        }
        return process.isPresent();
    }

    private static void end(VmSpec spec, QemuProcess process) throws InterruptedException {
        process.kill();
        if (!process.awaitExit(EXIT_TIME)) {
            throw new GodwitException(
                    ErrorCode.FAILED, "QEMU of %s (pid %d) can't be killed".formatted(spec.name(), process.pid()));
        }
    }

    private static void clear(VmSpec spec) throws IOException {
        new RunDirectory(spec.runDir()).clear();
        GuestRam.release(spec);
    }

    private void converse(Duration atMost) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!talk.isDone()) {
            if (!process.isAlive()) {
                throw StartFailure.explain(spec, process.lastWords());
            }
            try {
                talkBy(QmpClient.connect(run.control(), this::tell));
            } catch (IOException | GodwitException notYet) {
                if (System.nanoTime() > deadline || closed) {
                    throw new GodwitException(ErrorCode.UNREACHABLE, silence(), notYet);
                }
                Thread.sleep(Duration.ofMillis(5));
            }
        }
    }

    private void talkBy(QmpClient qmp) {
        DeviceTransfer devices = new DeviceTransfer(spec, process, qmp);
        try {
            devices.prepare();
        } catch (RuntimeException failure) {
            qmp.close();
            throw failure;
        }
        talk.complete(new Talk(qmp, devices));
        if (closed) {
            qmp.close();
        }
    }

    private void converseAtLast() {
        try {
            converse(ANY_TIME);
        } catch (IOException | GodwitException ended) {
            talk.completeExceptionally(ended);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private String silence() {
        return "QEMU of %s (pid %d) does not answer on %s".formatted(spec.name(), process.pid(), run.control());
    }

    private Talk talk() {
        try {
            return talk.get(START_TIME.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException silent) {
            throw new GodwitException(ErrorCode.UNREACHABLE, silence(), silent);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new GodwitException(ErrorCode.FAILED, "interrupted while waiting for " + spec.name(), stopped);
        }
    }

    private QmpClient qmp() {
        return talk().qmp();
    }

    /** Whether it has answered since it was started or adopted; what is asked of it before waits for that. */
    public boolean answers() {
        return talk.isDone() && !talk.isCompletedExceptionally();
    }

    /** Whether its process is there, answering or not. */
    public boolean isAlive() {
        return process.isAlive();
    }

    private void begin(Start start) {
        switch (start) {
            case BOOT -> qmp().execute("cont", Map.of());
            case INCOMING -> talk().devices().expect();
        }
    }

    private void tell(QmpMessage.Event event) {
        GuestEvent.parse(event.name()).ifPresent(known -> listeners.forEach(listener -> listener.accept(known)));
    }

    public VmSpec spec() {
        return spec;
    }

    public long pid() {
        return process.pid();
    }

    public VmState state() {
        return state(LOOK_TIME);
    }

    /** The same, for whoever won't wait for a QEMU that may hang. */
    public VmState state(Duration atMost) {
        return VmState.parse(
                qmp().execute("query-status", Map.of(), atMost).path("status").asString(""));
    }

    /** The agent inside the guest; whether there is one says {@link #hasAgent}. */
    public GuestAgent agent() {
        return new GuestAgent(spec.name(), run.agent());
    }

    /** Whether a program in the guest listens on the agent's port. */
    public boolean hasAgent() {
        return GuestAgent.listens(qmp().execute("query-chardev", Map.of())).orElse(false);
    }

    /**
     * Stops the guest. When it returns, all disk requests are done and flushed, and nothing writes to the RAM until
     * {@link #resume}. While a disk's server is away with requests under way, QEMU waits for it and answers nobody.
     */
    public void pause() {
        qmp().execute("stop", Map.of(), STOP_TIME);
    }

    /**
     * Like the other; {@code still} is told as soon as the guest computes and sends nothing any more, while its disk requests
     * may still be under way. Not told of a guest that stood still already.
     */
    public void pause(Runnable still) {
        Consumer<GuestEvent> listener = event -> {
            if (event == GuestEvent.STOPPED) {
                still.run();
            }
        };
        listeners.add(listener);
        try {
            pause();
        } finally {
            listeners.remove(listener);
        }
    }

    /** Lets the guest run: after a pause, after its state was saved, or after one was loaded. */
    public void resume() {
        if (incoming && state() == VmState.INMIGRATE) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "%s can't run yet: its state has not been loaded".formatted(spec.name()));
        }
        qmp().execute("cont", Map.of());
        incoming = false;
    }

    /**
     * The state of everything but RAM and disks, of a guest paused by {@link #pause}. The guest can be resumed
     * afterwards; it must be, before its state can be saved again.
     */
    public byte[] saveDeviceState() throws IOException, InterruptedException {
        VmState state = state();
        if (state != VmState.PAUSED) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "%s must be paused first, but is %s".formatted(spec.name(), state));
        }
        return talk().devices().save();
    }

    /** Loads a state into a QEMU that was started with {@link Start#INCOMING}; the RAM file must be complete. */
    public void loadDeviceState(ByteBuffer state) throws IOException, InterruptedException {
        talk().devices().load(state);
        incoming = false;
    }

    /**
     * Bytes that the device state will resemble: the firmware, which is most of it. Empty when the firmware isn't
     * where it usually is.
     */
    public byte[] deviceStateReference() {
        return QemuProgram.firmware();
    }

    /** Tells the listener what QEMU says about the guest, from a thread of its own. */
    public void onEvent(Consumer<GuestEvent> listener) {
        listeners.add(listener);
    }

    /** Tells the listener when the process has ended, however that came about. */
    public void onExit(Consumer<QemuExit> listener) {
        process.onExit(listener);
    }

    /** Presses the machine's power button: a guest that listens to it shuts down, and QEMU ends. */
    public void pressPower() {
        qmp().execute("system_powerdown", Map.of());
    }

    /** Ends QEMU in an orderly way, without telling the guest, and removes its RAM. */
    public void quit() throws IOException, InterruptedException {
        try {
            qmp().execute("quit", Map.of());
            process.awaitExit(EXIT_TIME);
        } catch (GodwitException unreachable) {
            // It has ended already, or hangs: then it is killed.
        }
        kill();
    }

    /** Ends QEMU at once and removes its RAM. */
    public void kill() throws IOException, InterruptedException {
        end(spec, process);
        close();
        clear(spec);
    }

    /** Lets go of QEMU, which goes on running; {@link #adopt} takes it up again. */
    @Override
    public void close() {
        closed = true;
        logs.close();
        Talk now = answers() ? talk.join() : null;
        if (now != null) {
            now.qmp().close();
        }
    }
}
