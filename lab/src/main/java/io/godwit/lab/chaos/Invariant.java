package io.godwit.lab.chaos;

import java.util.Optional;

/** Something that holds whatever fails. */
interface Invariant {
    /** A site was asked, and said so; sights of one site come in their order. */
    void sees(Sight sight);

    /** How it was broken, if it was. */
    Optional<String> broken();
}
