package io.godwit.lab.wire;

import io.godwit.core.Command;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A network namespace with a name, as ip-netns(8) keeps them under /run/netns. */
public record Namespace(String name) {
    private static final System.Logger LOG = System.getLogger(Namespace.class.getName());
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Path DIRECTORY = Path.of("/run/netns");
    private static final int READ_ONLY = 02000000;
    private static final int NETWORK = 0x40000000;

    public Namespace {
        if (!NAME.matcher(name).matches()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "'%s' cannot name a network namespace".formatted(name));
        }
    }

    public void create() {
        Command.of("ip", "netns", "add", name).run();
    }

    public void delete() {
        Command.of("ip", "netns", "delete", name).run();
    }

    public boolean exists() {
        return Files.exists(file());
    }

    public Path file() {
        return DIRECTORY.resolve(name);
    }

    /** The words that run a program inside. */
    public List<String> command(List<String> argv) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", name));
        words.addAll(argv);
        return words;
    }

    /** Runs {@code ip} with these words, separated by blanks, on the inside. */
    public String ip(String words) {
        List<String> argv = new ArrayList<>(List.of("ip", "-n", name));
        argv.addAll(List.of(words.split(" ", -1)));
        return Command.of(argv).run();
    }

    /** The processes inside now. */
    public List<Long> processes() {
        return Command.of("ip", "netns", "pids", name)
                .run()
                .lines()
                .map(line -> Long.parseLong(line.strip()))
                .toList();
    }

    /** A platform thread that works inside: sockets that it opens and programs that it starts belong to this namespace. */
    public Thread thread(String threadName, Runnable work) {
        return Thread.ofPlatform().name(threadName).unstarted(() -> {
            try {
                enter();
            } catch (IOException refused) {
                LOG.log(Level.ERROR, "the thread " + threadName + " cannot enter " + name, refused);
                return;
            }
            work.run();
        });
    }

    /** Takes the calling thread inside, for good; it should be a platform thread that ends there. */
    void enter() throws IOException {
        int file = LinuxCalls.open(file().toString(), READ_ONLY);
        try {
            LinuxCalls.enterNamespace(file, NETWORK);
        } finally {
            LinuxCalls.close(file);
        }
    }
}
