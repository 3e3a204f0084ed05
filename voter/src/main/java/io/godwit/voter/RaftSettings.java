package io.godwit.voter;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.ExitUtils;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * How Ratis is set up: small, bounded, and never allowed to end the process that it lives in. What isn't said here is its default; its log is
 * synced before a voter answers for it.
 */
final class RaftSettings {
    /**
     * A follower that hears nothing for a time between these wants to lead, and waits as long for votes; the leader speaks twice within the
     * shorter one. The longer one is more than a loaded disk takes to note a vote, and with an election well within a lease.
     */
    static final int SILENCE_LEAST_MILLIS = 300;

    static final int SILENCE_MOST_MILLIS = 1_200;

    /** Commands between two snapshots; the log before a snapshot is deleted. */
    static final int SNAPSHOT_EVERY = 4_096;

    /** What a command takes in the log, about. The log is deleted by whole segments, which are to be about as long as from snapshot to snapshot. */
    private static final int COMMAND_BYTES = 256;

    private static final int SEGMENT_LEAST_BYTES = 2 * Ask.MAX_BYTES;
    private static final int BATCH_BYTES = 256 << 10;
    private static final int SNAPSHOT_CHUNK_BYTES = 256 << 10;
    private static final int PENDING_COMMANDS = 2_048;
    private static final int PENDING_BYTES = 8 << 20;

    /** How long a command that comes again is known to have been applied. */
    private static final int REMEMBERED_SECONDS = 30;

    /** Ratis tells of every step of every election; a voter says itself what people should know. Held, or its level would be forgotten. */
    private static final Logger CHATTER = Logger.getLogger("org.apache.ratis");

    static {
        if (CHATTER.getLevel() == null) {
            CHATTER.setLevel(Level.SEVERE);
        }
        Thread.UncaughtExceptionHandler own = Thread.getDefaultUncaughtExceptionHandler();
        ExitUtils.disableSystemExit();
        Thread.setDefaultUncaughtExceptionHandler(own);
    }

    private RaftSettings() {}

    static RaftProperties in(Path directory, int snapshotEvery) {
        RaftProperties settings = new RaftProperties();
        RaftConfigKeys.Rpc.setType(settings, LinkRpc.TYPE);
        RaftServerConfigKeys.setStorageDir(settings, List.of(directory.toFile()));
        RaftServerConfigKeys.Rpc.setTimeoutMin(settings, millis(SILENCE_LEAST_MILLIS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(settings, millis(SILENCE_MOST_MILLIS));
        RaftServerConfigKeys.setCloseThreshold(settings, TimeDuration.valueOf(Integer.MAX_VALUE, TimeUnit.SECONDS));
        log(settings, Math.max(SEGMENT_LEAST_BYTES, snapshotEvery * COMMAND_BYTES));
        snapshots(settings, snapshotEvery);
        RaftServerConfigKeys.Write.setElementLimit(settings, PENDING_COMMANDS);
        RaftServerConfigKeys.Write.setByteLimit(settings, SizeInBytes.valueOf(PENDING_BYTES));
        RaftServerConfigKeys.RetryCache.setExpiryTime(
                settings, TimeDuration.valueOf(REMEMBERED_SECONDS, TimeUnit.SECONDS));
        return settings;
    }

    private static void log(RaftProperties settings, int segmentBytes) {
        RaftServerConfigKeys.Log.setSegmentSizeMax(settings, SizeInBytes.valueOf(segmentBytes));
        RaftServerConfigKeys.Log.setPreallocatedSize(settings, SizeInBytes.valueOf(segmentBytes));
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(settings, SizeInBytes.valueOf(4L * segmentBytes));
        RaftServerConfigKeys.Log.setQueueByteLimit(settings, SizeInBytes.valueOf(PENDING_BYTES));
        RaftServerConfigKeys.Log.setWriteBufferSize(settings, SizeInBytes.valueOf(2 * BATCH_BYTES));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(settings, SizeInBytes.valueOf(BATCH_BYTES));
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(settings, SizeInBytes.valueOf(SNAPSHOT_CHUNK_BYTES));
        RaftServerConfigKeys.Log.setPurgeGap(settings, 1);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(settings, true);
    }

    private static void snapshots(RaftProperties settings, int every) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(settings, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(settings, every);
        RaftServerConfigKeys.Snapshot.setCreationGap(settings, 1);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(settings, 2);
    }

    private static TimeDuration millis(int millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }
}
