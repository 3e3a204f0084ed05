package io.godwit.quorum;

/** What a site's replica of a group is good for, by its owner's word; the best first. */
public enum Readiness {
    /** Every write that was acknowledged under the group's promise is there. */
    COMPLETE,
    /** A state the group once had is there; what was acknowledged since may be lost. */
    BEHIND,
    /** There is nothing that could be started. */
    UNFIT;

    /** Whether a site with such a replica may take over from an owner that is gone. */
    public boolean serves(boolean acceptingLoss) {
        return switch (this) {
            case COMPLETE -> true;
            case BEHIND -> acceptingLoss;
            case UNFIT -> false;
        };
    }
}
