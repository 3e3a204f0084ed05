package io.godwit.hypervisor;

/** What a guest is doing, in QEMU's words. */
public enum VmState {
    RUNNING,
    /** Stopped by {@link Qemu#pause}, or loaded and not yet resumed. */
    PAUSED,
    /** Stopped, and its device state was saved; it can be resumed. */
    POSTMIGRATE,
    /** Started with {@link Start#INCOMING}; nothing loaded yet. */
    INMIGRATE,
    /** Stopped because a disk reported an error; {@link Qemu#resume} repeats the request. */
    IO_ERROR,
    /** The guest switched itself off. */
    SHUTDOWN,
    /** Any other; the guest doesn't run. */
    STOPPED;

    static VmState parse(String status) {
        return switch (status) {
            case "running" -> RUNNING;
            case "paused", "prelaunch" -> PAUSED;
            case "postmigrate" -> POSTMIGRATE;
            case "inmigrate" -> INMIGRATE;
            case "io-error" -> IO_ERROR;
            case "shutdown" -> SHUTDOWN;
            default -> STOPPED;
        };
    }
}
