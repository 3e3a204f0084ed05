package io.godwit.quorum.sim;

import java.util.List;
import java.util.Optional;

/** Something that must hold after every event, whatever went wrong. */
interface Invariant {
    /** How it is broken, in a sentence; empty while it holds. */
    Optional<String> broken(World world);

    /** What is looked at after each event. */
    static List<Invariant> always() {
        return List.of(
                new OneWriter(),
                new OneSpeaker(),
                new TermsHaveOneOwner(),
                new NothingPromisedIsLost(),
                new ReplicasArePrefixes(),
                new LossIsTheLastResort(),
                new NothingIsDivertedToNowhere());
    }
}
