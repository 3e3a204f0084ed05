package io.godwit.network;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A thread in a network namespace of its own, which has no name and vanishes with it. Sockets that it opens and
 * programs that it starts are inside.
 */
final class OwnNamespace implements AutoCloseable {
    private static final int NEW_NETWORK = 0x40000000;

    private final LinkedBlockingQueue<FutureTask<?>> work = new LinkedBlockingQueue<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final Thread thread;
    private volatile Path file = Path.of("/nowhere");

    OwnNamespace(String name) throws Exception {
        thread = Thread.ofPlatform().name(name).daemon().start(this::live);
        entered.await();
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

    <T> T call(Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        work.put(future);
        return future.get();
    }

    /** Runs {@code ip} with these words on the inside. */
    String ip(String words) throws Exception {
        return call(() -> Ip.run((Object[]) words.split(" ", -1)));
    }

    @Override
    public void close() {
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
            enter();
            file = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            file = Path.of("/proc").resolve(file).resolve("ns/net");
            entered.countDown();
            while (true) {
                work.take().run();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (Throwable failed) {
            throw new AssertionError("no network namespace; are the tests run as root?", failed);
        } finally {
            entered.countDown();
        }
    }

    @SuppressWarnings("restricted")
    private static void enter() throws Throwable {
        MethodHandle unshare = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("unshare"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        int result = (int) unshare.invokeExact(NEW_NETWORK);
        if (result != 0) {
            throw new IllegalStateException("unshare failed");
        }
    }
}
