package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/**
 * The agent inside a guest (QEMU's {@code qemu-ga}), reached through a serial port. Each question is a conversation of its own,
 * with a time limit, so that one which was given up leaves nothing behind that the next could take for its answer.
 */
public record GuestAgent(VmName vm, Path socket) {
    private static final Logger LOG = System.getLogger(GuestAgent.class.getName());
    private static final Duration USUAL_TIME = Duration.ofSeconds(5);
    private static final Duration FREEZE_TIME = Duration.ofSeconds(20);
    /** An answer, or a question, may hold all that a program prints, or reads. */
    private static final Duration TRANSFER_TIME = Duration.ofSeconds(20);

    private static final int MAX_ANSWER_BYTES = 4 << 20;
    private static final int MAX_COMPLAINT_CHARS = 200;
    private static final Duration COMMAND_POLL = Duration.ofMillis(50);

    /** Ends a process and all that it has started, in a POSIX shell; each stands still before its children are looked for. */
    private static final String END_TREE = """
            end() {
                kill -STOP "$1"
                for stat in /proc/[0-9]*/stat; do
                    read -r line < "$stat" || continue
                    rest=${line##*) }
                    rest=${rest#* }
                    [ "${rest%% *}" = "$1" ] && end "${line%% *}"
                done
                kill -KILL "$1"
            }
            end "$1" 2> /dev/null
            """;

    /** What the agent puts before its answer to a question for synchrony, as it comes out of UTF-8. */
    private static final char DELIMITER = '\uFFFD';

    private static final int DELIMITER_BYTE = 0xff;

    /** Holds all file systems still; returns how many. They are written back first. */
    public int freeze() {
        return ask("guest-fsfreeze-freeze", Map.of(), FREEZE_TIME).asInt(0);
    }

    /** Lets the file systems go on; harmless if none is frozen. */
    public void thaw() {
        ask("guest-fsfreeze-thaw", Map.of(), USUAL_TIME);
    }

    public boolean frozen() {
        return ask("guest-fsfreeze-status", Map.of(), USUAL_TIME).asString("").equals("frozen");
    }

    /**
     * Runs a program in the guest and waits for its end. One that takes too long is killed, with all that it has started.
     *
     * @param command an absolute path and arguments
     * @throws GodwitException FAILED if it doesn't end well, or in time
     */
    public void run(List<String> command, Duration atMost) throws InterruptedException {
        awaitEnd(command, begin(command, Map.of()), atMost);
    }

    /** Like {@link #run}, for a program that reads its input to the end. */
    public void give(List<String> command, ByteBuffer input, Duration atMost) throws InterruptedException {
        String data = StandardCharsets.ISO_8859_1
                .decode(Base64.getEncoder().encode(input))
                .toString();
        awaitEnd(command, begin(command, Map.of("input-data", data, "capture-output", true)), atMost);
    }

    /**
     * Like {@link #run}; returns what the program prints.
     *
     * @throws GodwitException FAILED also if that is more than about 3 MiB, which is as much as an answer may hold
     */
    public ByteBuffer take(List<String> command, Duration atMost) throws InterruptedException {
        JsonNode end = awaitEnd(command, begin(command, Map.of("capture-output", true)), atMost);
        if (end.path("out-truncated").asBoolean(false)) {
            throw failed("%s printed more than its agent keeps".formatted(command.getFirst()));
        }
        return ByteBuffer.wrap(decoded(end.path("out-data").asString("")));
    }

    private long begin(List<String> command, Map<String, ?> how) {
        Map<String, Object> what = new HashMap<>(how);
        what.put("path", command.getFirst());
        what.put("arg", command.subList(1, command.size()));
        return ask("guest-exec", what, TRANSFER_TIME).path("pid").asLong(-1);
    }

    private JsonNode awaitEnd(List<String> command, long pid, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        JsonNode status = ask("guest-exec-status", Map.of("pid", pid), TRANSFER_TIME);
        while (!status.path("exited").asBoolean(false)) {
            if (System.nanoTime() > deadline) {
                kill(pid);
                throw failed("%s did not end within %d s".formatted(command.getFirst(), atMost.toSeconds()));
            }
            Thread.sleep(COMMAND_POLL);
            status = ask("guest-exec-status", Map.of("pid", pid), TRANSFER_TIME);
        }
        int code = status.path("exitcode").asInt(-1);
        if (code != 0) {
            throw failed("%s ended with %d%s"
                    .formatted(
                            command.getFirst(),
                            code,
                            complaint(status.path("err-data").asString(""))));
        }
        return status;
    }

    /** As far as the guest has a shell for it. */
    private void kill(long pid) {
        try {
            begin(List.of("/bin/sh", "-c", END_TREE, "sh", Long.toString(pid)), Map.of());
        } catch (GodwitException refused) {
            LOG.log(Level.WARNING, "what did not end in time may still run: {0}", refused.sentence());
        }
    }

    /** The beginning of what a program wrote to its standard error, if that is known: as much of it as fits a sentence. */
    private String complaint(String base64) {
        String text = new String(decoded(base64), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("[^ -~]", "?");
        return text.isEmpty() ? "" : ": " + text.substring(0, Math.min(text.length(), MAX_COMPLAINT_CHARS));
    }

    private byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException nonsense) {
            throw failed("the agent's answer can't be read");
        }
    }

    private GodwitException failed(String what) {
        return new GodwitException(ErrorCode.FAILED, "in machine %s, %s".formatted(vm, what));
    }

    private JsonNode ask(String command, Map<String, ?> arguments, Duration atMost) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Thread limit = Thread.ofVirtual().name("agent-limit").start(() -> closeAfter(channel, atMost));
            try {
                LineReader lines = new LineReader(Channels.newInputStream(channel), MAX_ANSWER_BYTES);
                synchronize(channel, lines);
                send(channel, Json.line(Map.of("execute", command, "arguments", arguments)));
                return answer(command, next(lines));
            } finally {
                limit.interrupt();
            }
        } catch (IOException gone) {
            throw new GodwitException(
                    ErrorCode.UNREACHABLE,
                    "the guest agent of machine %s did not answer %s within %d s"
                            .formatted(vm, command, atMost.toSeconds()),
                    gone);
        }
    }

    private static void closeAfter(SocketChannel channel, Duration atMost) {
        try {
            Thread.sleep(atMost);
            channel.close();
        } catch (InterruptedException answered) {
            Thread.currentThread().interrupt();
        } catch (IOException closed) {
            // Closed is closed.
        }
    }

    /** Passes over what is left of earlier conversations: an answer with this number is of this one. */
    private static void synchronize(SocketChannel channel, LineReader lines) throws IOException {
        long number = ThreadLocalRandom.current().nextLong(1L << 31);
        channel.write(ByteBuffer.wrap(new byte[] {(byte) DELIMITER_BYTE}));
        send(channel, Json.line(Map.of("execute", "guest-sync-delimited", "arguments", Map.of("id", number))));
        while (parse(next(lines)).path("return").asLong(-1) != number) {}
    }

    private static void send(SocketChannel channel, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static String next(LineReader lines) throws IOException {
        return lines.next().orElseThrow(() -> new IOException("the conversation ended"));
    }

    private JsonNode answer(String command, String line) {
        JsonNode answer = parse(line);
        if (answer.has("error")) {
            throw failed("the agent refused %s: %s"
                    .formatted(command, answer.path("error").path("desc").asString("no reason given")));
        }
        return answer.path("return");
    }

    /** A line's JSON; what isn't any says nothing. */
    private static JsonNode parse(String line) {
        try {
            return Json.read(line.substring(line.lastIndexOf(DELIMITER) + 1), JsonNode.class, "the agent's answer");
        } catch (GodwitException noise) {
            return Json.read("{}", JsonNode.class, "nothing");
        }
    }

    /** What is known of a guest's agent. */
    static Optional<Boolean> listens(JsonNode chardevs) {
        for (JsonNode device : chardevs) {
            if (device.path("label").asString("").equals(QemuArguments.AGENT)) {
                return Optional.of(device.path("frontend-open").asBoolean(false));
            }
        }
        return Optional.empty();
    }
}
