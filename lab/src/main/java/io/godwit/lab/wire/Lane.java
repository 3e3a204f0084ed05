package io.godwit.lab.wire;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One direction of a wire: one thread that reads frames at one end, asks the {@link LinkModel} when each is due, and
 * writes it at the other end then.
 *
 * <p>While frames flow it works in passes at most every 200 µs, each reading all that came and writing all that is due,
 * so a full link costs five thousand wake-ups a second, not two for every frame. An idle lane sleeps until a frame comes.
 *
 * <p>When the machine lets a busy lane wait, frames pile up before it that a real wire would have taken one after the
 * other. They are dated back: each is taken as soon after the last pass as the rate allows, so that a stall of the
 * machine looks like neither a full queue nor, if it is shorter than the delay, a longer way.
 */
final class Lane implements Runnable {
    private static final System.Logger LOG = System.getLogger(Lane.class.getName());

    private static final int FRAMES_A_PASS = 128;
    private static final long PASS_NANOS = 200_000;
    private static final long STALL_NANOS = 1_000_000;
    private static final long EARLY_NANOS = 20_000;
    private static final long LONGEST_SLEEP_NANOS = 250_000_000;
    private static final long MOST_RING_BYTES = 1L << 30;
    private static final int PR_SET_TIMERSLACK = 29;
    private static final int NICENESS = -15;
    private static final short POLLIN = 1;

    private final String name;
    private final TapEnd from;
    private final TapEnd to;
    private final LaneTally tally = new LaneTally();
    private final LinkModel model;
    private FrameRing ring;
    private LinkShape applied;
    private boolean wasBusy;
    private boolean moreWaited;
    private long latestPass = System.nanoTime();
    private long latestArrival = latestPass;
    private volatile LinkShape shape;
    private volatile boolean up = true;
    private volatile boolean ended;

    // Places for the system calls' arguments, made once.
    private final Arena arena = Arena.ofShared();
    private final MemorySegment errno = LinuxCalls.errnoPlace(arena);
    private final MemorySegment waitFor = arena.allocate(8, 8);
    private final MemorySegment time = arena.allocate(16, 8);
    private final MemorySegment scratch = arena.allocate(FrameRing.MAX_FRAME_BYTES, 8);

    Lane(String name, TapEnd from, TapEnd to, LinkShape shape, long seed) {
        this.name = name;
        this.from = from;
        this.to = to;
        this.shape = shape;
        this.applied = shape;
        this.model = new LinkModel(shape, seed, System.nanoTime());
        this.ring = new FrameRing(ringBytes(shape));
        waitFor.set(ValueLayout.JAVA_INT, 0, from.descriptor());
        waitFor.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
    }

    void reshape(LinkShape changed) {
        shape = changed;
    }

    LinkShape shape() {
        return shape;
    }

    /** A lane that is down swallows what comes in and what was under way, without a sign to either end. */
    void switchTo(boolean nowUp) {
        up = nowUp;
    }

    boolean isUp() {
        return up;
    }

    LaneCounters counters() {
        return tally.read();
    }

    void end() {
        ended = true;
    }

    @Override
    public void run() {
        preferThisThread();
        try (arena) {
            while (!ended) {
                pass();
            }
        } catch (IOException broken) {
            LOG.log(Level.ERROR, "the lane " + name + " has ended", broken);
        } finally {
            ring.close();
        }
    }

    private void pass() throws IOException {
        long now = System.nanoTime();
        reconcile(now);
        boolean stalled = wasBusy && now - latestPass > STALL_NANOS;
        int came = receive(now, moreWaited ? latestArrival : stalled ? latestPass : now);
        int went = deliver(System.nanoTime());
        latestPass = now;
        wasBusy = came + went > 0;
        moreWaited = came == FRAMES_A_PASS;
        if (!moreWaited) {
            rest(wasBusy);
        }
    }

    private void reconcile(long now) {
        LinkShape wanted = shape;
        if (!wanted.equals(applied)) {
            applied = wanted;
            if (ringBytes(wanted) > ring.capacityBytes()) {
                ring = FrameRing.replacing(ring, ringBytes(wanted));
            }
            model.reshape(wanted);
        }
        if (!up && ring.frames() > 0) {
            tally.cut(ring.frames());
            ring.clear();
            model.cut(now);
        }
    }

    /** Takes frames that came between {@code earliest} and {@code now}, as far apart as the rate puts them. */
    private int receive(long now, long earliest) throws IOException {
        latestArrival = earliest;
        int frames = 0;
        while (frames < FRAMES_A_PASS) {
            long room = ring.roomAddress();
            long target = room == 0 ? scratch.address() : room;
            long length = LinuxCalls.read(errno, from.descriptor(), target, FrameRing.MAX_FRAME_BYTES);
            if (length < 0) {
                requireNothingToRead();
                return frames;
            }
            frames++;
            latestArrival = Math.min(now, latestArrival + applied.rate().nanosFor((int) length));
            admit(latestArrival, (int) length, room != 0);
        }
        return frames;
    }

    private void admit(long arrival, int length, boolean hasRoom) {
        if (!up) {
            tally.cut(1);
            return;
        }
        long due = hasRoom ? model.admit(arrival, length) : LinkModel.QUEUE_FULL;
        if (due == LinkModel.QUEUE_FULL) {
            tally.dropped();
        } else if (due == LinkModel.LOST) {
            tally.lost();
        } else {
            ring.add(due, length);
        }
    }

    private int deliver(long now) {
        int frames = 0;
        while (frames < FRAMES_A_PASS && ring.frames() > 0 && ring.firstDue() - now <= EARLY_NANOS) {
            int length = ring.firstLength();
            if (LinuxCalls.write(errno, to.descriptor(), ring.firstAddress(), length) < 0) {
                tally.refused();
            } else {
                tally.delivered(length);
            }
            ring.removeFirst();
            frames++;
        }
        return frames;
    }

    /** Sleeps until the next frame is due; when the lane is busy at most a pass, without looking for arrivals meanwhile. */
    private void rest(boolean busy) {
        long nanos = LONGEST_SLEEP_NANOS;
        if (ring.frames() > 0) {
            nanos = Math.min(nanos, ring.firstDue() - System.nanoTime());
        }
        if (busy) {
            nanos = Math.min(nanos, PASS_NANOS);
        }
        if (nanos > 0) {
            time.set(ValueLayout.JAVA_LONG, 8, nanos);
            LinuxCalls.poll(errno, waitFor.address(), busy ? 0 : 1, time.address());
        }
    }

    private void requireNothingToRead() throws IOException {
        int error = LinuxCalls.errno(errno);
        if (error != LinuxCalls.EAGAIN && error != LinuxCalls.EINTR) {
            throw new IOException("cannot read frames: " + LinuxCalls.errorText(error));
        }
    }

    /**
     * The wire stands for something outside this machine, so it should not wait for the machine's other work. Not real time:
     * two busy real-time lanes on two processors leave nothing for the guests.
     */
    private void preferThisThread() {
        try {
            LinuxCalls.threadSetting(PR_SET_TIMERSLACK, 1);
            LinuxCalls.nice(NICENESS);
        } catch (IOException refused) {
            LOG.log(Level.WARNING, "the lane {0} will be less exact: {1}", name, refused.getMessage());
        }
    }

    /** Room for what waits and what is under way, twice because small frames have relatively large headers in the ring. */
    private static long ringBytes(LinkShape shape) {
        long bytes = 2 * (shape.queue().bytes() + shape.rate().bytesIn(shape.delay())) + (1 << 20);
        return Math.min(bytes, MOST_RING_BYTES);
    }
}
