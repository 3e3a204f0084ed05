package io.godwit.volume;

/** Waiting for a thread's end, whatever else happens to the one who waits. */
final class Threads {
    private Threads() {}

    static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
