package io.godwit.api;

import java.util.Optional;

/**
 * How a move is to be made.
 *
 * @param compare compare memory and disks of both sites at the switch; memory is digested while the guest is stopped, which
 *     makes the pause a little longer
 * @param linger for rehearsals: the word of a phase in which to stay for a second, so that something can be made to fail there
 * @param dropScratch the user's word that what scratch disks hold is in use by no machine, although they hold something: it
 *     is gone for the machines from one moment to the next
 */
public record MoveOptions(boolean compare, Optional<String> linger, Optional<Boolean> dropScratch) {
    public static final MoveOptions DEFAULT = new MoveOptions(true, Optional.empty(), Optional.empty());

    public boolean dropsScratch() {
        return dropScratch.orElse(false);
    }
}
