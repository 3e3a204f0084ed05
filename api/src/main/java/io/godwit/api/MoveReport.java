package io.godwit.api;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a move did and how long its parts took, as its source knows it; {@code docs/report.md} explains each figure. */
public record MoveReport(
        String move,
        GroupName group,
        SiteName from,
        SiteName to,
        Outcome outcome,
        Optional<String> reason,
        SiteName serving,
        Server server,
        Storage storage,
        Network network,
        List<Moment> timeline) {

    public enum Outcome {
        MIGRATED,
        ABORTED,
        FAILED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code memoryIdentical} is empty where memory was not compared. */
    public record Server(
            long pauseMillis,
            Pause pause,
            int rounds,
            long memoryBytes,
            long wanBytes,
            long totalMillis,
            Optional<Boolean> memoryIdentical) {
        public static final Server NONE = new Server(0, Pause.NONE, 0, 0, 0, 0, Optional.empty());
    }

    /**
     * The pause of the guest, split into what was done one after the other.
     *
     * @param stopMillis until it computed no more and its disk requests were done
     * @param copyMillis until the last memory and the device state were on their way, the last writes were at the target and the
     *     disks were closed here
     * @param handOverMillis until it ran at the target, which decides, loads the device state and takes the group
     */
    public record Pause(long stopMillis, long copyMillis, long handOverMillis) {
        public static final Pause NONE = new Pause(0, 0, 0);

        public long totalMillis() {
            return stopMillis + copyMillis + handOverMillis;
        }
    }

    /** {@code identical} is empty where the disks were not compared. */
    public record Storage(
            long seededBytes, long wanBytes, long drainMillis, long synchronousMillis, Optional<Boolean> identical) {
        public static final Storage NONE = new Storage(0, 0, 0, 0, Optional.empty());
    }

    public record Network(double divertMillis, long announceMillis, long tunnelMillis) {
        public static final Network NONE = new Network(0, 0, 0);
    }

    public record Moment(long atMillis, String event) {}
}
