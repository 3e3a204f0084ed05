package io.godwit.api;

import java.util.Optional;

/**
 * How a move is to be made.
 *
 * @param compare compare memory and disks of both sites at the switch; memory is digested while the guest is stopped, which
 *     makes the pause a little longer
 * @param linger for rehearsals: the word of a phase in which to stay for a second, so that something can be made to fail there
 */
public record MoveOptions(boolean compare, Optional<String> linger) {
    public static final MoveOptions DEFAULT = new MoveOptions(true, Optional.empty());
}
