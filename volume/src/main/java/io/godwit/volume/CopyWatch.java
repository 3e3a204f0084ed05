package io.godwit.volume;

/** Hears how a long piece of work on disks goes on. What it throws ends that work. */
public interface CopyWatch {
    /** A part of the work begins, with about so much to do. */
    void begin(Step step, long bytes);

    /** So many bytes more are done. */
    void done(long bytes);

    /** A part of the work. */
    enum Step {
        COPYING,
        VERIFYING
    }
}
