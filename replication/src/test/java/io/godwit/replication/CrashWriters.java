package io.godwit.replication;

import io.godwit.replication.PlainNbd.Command;
import io.godwit.replication.WriterDiary.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writers that each keep a diary, and one who flushes for all of them, until the server dies or they are told to stop. */
final class CrashWriters {
    private static final int ONE_IN_FORCED = 12;

    /** What the source has promised for now; another object after every change. */
    static final class Promise {
        private final boolean flushesAreRemote;
        private final boolean writesAreRemote;

        Promise(boolean flushesAreRemote, boolean writesAreRemote) {
            this.flushesAreRemote = flushesAreRemote;
            this.writesAreRemote = writesAreRemote;
        }
    }

    private final Path socket;
    private final List<WriterDiary> diaries;
    private final List<Thread> threads = new ArrayList<>();
    private volatile Promise promise;
    private volatile boolean stopped;

    CrashWriters(Path socket, List<WriterDiary> diaries, Promise promise) {
        this.socket = socket;
        this.diaries = diaries;
        this.promise = promise;
        for (WriterDiary diary : diaries) {
            start(() -> write(diary));
        }
        start(this::flush);
    }

    private interface Work {
        void run() throws IOException;
    }

    private void start(Work work) {
        threads.add(Thread.ofPlatform().daemon().start(() -> {
            try {
                work.run();
            } catch (IOException killed) {
                // What was not answered is not known.
            }
        }));
    }

    void promise(Promise next) {
        promise = next;
    }

    /** Lets the requests in progress be answered, or fail. */
    void join() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void write(WriterDiary diary) throws IOException {
        Random random = new Random();
        try (PlainNbd nbd = new PlainNbd(socket, diary.disk())) {
            while (!stopped) {
                Promise held = promise;
                Step step = diary.begin();
                boolean forced = step.command() == Command.WRITE && random.nextInt(ONE_IN_FORCED) == 0;
                try {
                    carryOut(step, diary.diskOffset(), forced, nbd);
                } catch (PlainNbd.RefusedException noRoom) {
                    diary.refused();
                    continue;
                }
                diary.answered();
                boolean same = held == promise;
                if (forced) {
                    diary.safe(step.number(), same && held.flushesAreRemote);
                } else if (same && held.writesAreRemote) {
                    diary.safe(step.number(), true);
                }
            }
        }
    }

    private static void carryOut(Step step, long diskOffset, boolean forced, PlainNbd nbd) throws IOException {
        long offset = diskOffset + step.offset();
        if (step.command() == Command.WRITE) {
            nbd.write(offset, step.content(), forced);
        } else {
            nbd.clear(step.command(), offset, step.length());
        }
    }

    private void flush() throws IOException {
        try (PlainNbd nbd = new PlainNbd(socket, TwoSites.ROOT)) {
            while (!stopped) {
                Promise held = promise;
                List<Long> answered =
                        diaries.stream().map(WriterDiary::lastAnswered).toList();
                try {
                    nbd.flush();
                } catch (PlainNbd.RefusedException failed) {
                    continue;
                }
                boolean remote = held == promise && held.flushesAreRemote;
                for (int i = 0; i < diaries.size(); i++) {
                    diaries.get(i).safe(answered.get(i), remote);
                }
            }
        }
    }
}
