package io.godwit.quorum;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.util.Optional;

/**
 * What a site knows at a moment about a group that another site owns, or that it owns itself.
 *
 * @param observer the site that looks
 * @param lease what the observer's own voter says about the owner's lease
 * @param link how the owner's daemon answers the observer
 * @param witness what the other voters say about the owner
 * @param machines what the owner's daemon says of the group's machines; or said last, if it doesn't answer
 * @param complete a site, neither the observer nor the owner, whose replica has every acknowledged write
 * @param service what a probe of the service's own address sees
 */
public record Evidence(
        GroupName group,
        SiteName observer,
        SiteName owner,
        Lease lease,
        Answers link,
        Hearsay witness,
        Machines machines,
        Optional<SiteName> complete,
        Probe service) {
    public enum Lease {
        /** Renewed within its length. */
        LASTS,
        /** Not renewed for longer than its length and the margin; nobody may be served under it. */
        WAITED_OUT,
        /** The observer's own voter hears no majority, so it can't know. */
        UNKNOWN
    }

    public enum Answers {
        ANSWERS,
        /** The host is there and nothing listens at the daemon's port. */
        REFUSES,
        SILENT
    }

    /** What another voter says. */
    public enum Hearsay {
        HEARS_THE_OWNER,
        HEARS_NOTHING,
        /** No other voter could be asked. */
        NOT_ASKED
    }

    /** The worst of a group's machines. */
    public sealed interface Machines {
        record Run() implements Machines {}

        /**
         * A machine's QEMU has ended.
         *
         * @param restarts how often it was restarted for that in the time that the policy looks back
         */
        record Ended(String machine, int restarts) implements Machines {}

        /**
         * They stand still, because what their disks are on has failed.
         *
         * @param why the failure, for people
         */
        record WithoutDisks(String why) implements Machines {}

        record Unknown() implements Machines {}
    }

    public enum Probe {
        ANSWERS,
        SILENT,
        /** No probe is configured, or nothing is to be had from where the observer stands. */
        NOT_ASKED
    }
}
