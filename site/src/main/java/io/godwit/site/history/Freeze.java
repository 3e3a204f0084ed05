package io.godwit.site.history;

import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Holds the file systems of a group's machines still for one moment. Who is about to be frozen is written down before, and
 * taken out when all have thawed: whatever ends this process in between, the next one thaws them.
 */
public final class Freeze {
    private static final Logger LOG = System.getLogger(Freeze.class.getName());

    private final DurableFile note;

    /** A machine with an agent in it. */
    public interface Guest {
        VmName name();

        /** Returns how many file systems stand still; they do not for ever, but until {@link #thaw}. */
        int freeze();

        /** Harmless if nothing is frozen. */
        void thaw();
    }

    /** Something done while nothing is written. */
    public interface Moment<T> {
        T run() throws IOException, InterruptedException;
    }

    /** How a machine took it. */
    public record Held(VmName vm, int fileSystems, long millis) {}

    /** What came of the moment, and how long each machine stood still for it. */
    public record Outcome<T>(T result, List<Held> held) {}

    private record Frozen(List<VmName> machines) {}

    private record Started(Guest guest, int fileSystems, long nanoTime) {}

    /** @param directory of the group */
    public Freeze(Path directory) {
        this.note = new DurableFile(directory.resolve("frozen.json"));
    }

    /** The machines that may be frozen. */
    public List<VmName> noted() throws IOException {
        return note.read()
                .map(bytes ->
                        Json.read(bytes, Frozen.class, note.path().toString()).machines())
                .orElse(List.of());
    }

    /**
     * Freezes all, has something done, thaws all. All or none: where one can't be frozen nothing is done, and those that were
     * are thawed.
     *
     * @throws GodwitException FAILED if one can't be frozen; UNREACHABLE if one could not be thawed: it stays noted
     */
    public <T> Outcome<T> during(List<? extends Guest> guests, Moment<T> moment)
            throws IOException, InterruptedException {
        List<VmName> names = guests.stream().map(Guest::name).toList();
        note.write(Json.pretty(new Frozen(names)).getBytes(StandardCharsets.UTF_8));
        List<Held> held = new ArrayList<>();
        T result;
        boolean done = false;
        try {
            List<Started> frozen = freezeAll(guests);
            result = moment.run();
            done = true;
            held.addAll(thawAll(frozen));
        } finally {
            if (!done) {
                guests.forEach(Freeze::tryThaw);
            }
            forgetIfThawed(guests, held);
        }
        return new Outcome<>(result, held);
    }

    /** Side by side: nobody stands still while the next one's memory is written back. */
    private static List<Started> freezeAll(List<? extends Guest> guests) throws InterruptedException {
        try (ExecutorService side = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Started>> all = guests.stream()
                    .map(guest -> side.submit(() -> freeze(guest)))
                    .toList();
            List<Started> frozen = new ArrayList<>();
            for (Future<Started> one : all) {
                frozen.add(one.get());
            }
            return frozen;
        } catch (ExecutionException failed) {
            throw new GodwitException(ErrorCode.FAILED, "the file systems could not be frozen: " + why(failed), failed);
        }
    }

    private static String why(ExecutionException failed) {
        Throwable cause = failed.getCause();
        return String.valueOf((cause == null ? failed : cause).getMessage());
    }

    private static Started freeze(Guest guest) {
        long begun = System.nanoTime();
        return new Started(guest, guest.freeze(), begun);
    }

    private static List<Held> thawAll(List<Started> frozen) throws InterruptedException {
        try (ExecutorService side = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Held>> all =
                    frozen.stream().map(one -> side.submit(() -> thaw(one))).toList();
            List<Held> held = new ArrayList<>();
            for (Future<Held> one : all) {
                held.add(one.get());
            }
            return held;
        } catch (ExecutionException failed) {
            throw new GodwitException(
                    ErrorCode.UNREACHABLE, "a machine could not be thawed, it is tried again: " + why(failed), failed);
        }
    }

    private static Held thaw(Started one) {
        one.guest.thaw();
        return new Held(one.guest.name(), one.fileSystems, (System.nanoTime() - one.nanoTime) / 1_000_000);
    }

    private void forgetIfThawed(List<? extends Guest> guests, List<Held> held) throws IOException {
        boolean all = held.size() == guests.size()
                || guests.stream().map(Freeze::tryThaw).reduce(true, Boolean::logicalAnd);
        if (all) {
            note.delete();
        }
    }

    private static boolean tryThaw(Guest guest) {
        try {
            guest.thaw();
            return true;
        } catch (GodwitException failed) {
            LOG.log(Level.ERROR, "machine {0} may still be frozen: {1}", guest.name(), failed.sentence());
            return false;
        }
    }

    /**
     * Thaws those that are noted; a machine that isn't there has nothing frozen.
     *
     * @return whether none is left
     */
    public boolean thawNoted(Function<VmName, Optional<? extends Guest>> guests) throws IOException {
        boolean all = true;
        for (VmName name : noted()) {
            Optional<? extends Guest> guest = guests.apply(name);
            all &= guest.isEmpty() || tryThaw(guest.get());
        }
        if (all) {
            note.delete();
        }
        return all;
    }
}
