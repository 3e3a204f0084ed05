package io.godwit.network;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.NetworkNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A thread in a network namespace of its own, which has no name and vanishes with it. Sockets that it opens and
 * programs that it starts are inside.
 */
final class OwnNamespace implements AutoCloseable {
    private final LinkedBlockingQueue<FutureTask<?>> work = new LinkedBlockingQueue<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final Thread thread;
    private volatile Path file = Path.of("/nowhere");
    private final Closeable held;
    private volatile Optional<IOException> refusal = Optional.empty();

    /** @throws GodwitException FAILED if this program may not make one: it must be root */
    OwnNamespace(String name) throws Exception {
        thread = Thread.ofPlatform().name(name).daemon().start(this::live);
        entered.await();
        if (refusal.isPresent()) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "no network namespace can be made: %s"
                            .formatted(refusal.get().getMessage()),
                    refusal.get());
        }
        held = Files.newByteChannel(file);
        call(() -> {
            KernelSetting.setIfThere("ipv6/conf/all/disable_ipv6", 1);
            KernelSetting.setIfThere("ipv6/conf/default/disable_ipv6", 1);
            return Ip.run("link", "set", "lo", "up");
        });
    }

    /** The file that stands for the namespace. */
    Path file() {
        return file;
    }

    /** Who is in it, but for its thread. */
    Occupants occupants() throws IOException {
        return new Occupants(Files.readSymbolicLink(file).toString());
    }

    /** Does something inside; ends with a CancellationException if this is closed before it was begun. */
    <T> T call(Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        work.put(future);
        if (!thread.isAlive()) {
            future.cancel(false);
        }
        return future.get();
    }

    /** Runs {@code ip} with these words on the inside. */
    String ip(String words) throws Exception {
        return call(() -> Ip.run((Object[]) words.split(" ", -1)));
    }

    @Override
    public void close() {
        stop();
        try {
            held.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Ends the thread. The namespace is there until it is closed, so that the kernel doesn't give its number to another one. */
    void stop() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void live() {
        try {
            NetworkNamespace.enterNew();
            file = Path.of("/proc")
                    .resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")))
                    .resolve("ns/net");
        } catch (IOException refused) {
            refusal = Optional.of(refused);
        } finally {
            entered.countDown();
        }
        try {
            while (refusal.isEmpty()) {
                work.take().run();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            work.forEach(waiting -> waiting.cancel(false));
        }
    }
}
