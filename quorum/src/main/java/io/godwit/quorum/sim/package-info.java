/**
 * A world in which everything that can go wrong does, from a seed: voters, sites that own and watch a group, links, clocks. What decides
 * in it is the code of {@code io.godwit.quorum}, unchanged; what it stands on is imitated, without threads and without real time. {@link
 * io.godwit.quorum.sim.Invariant}s are looked at after every event.
 */
@NullMarked
package io.godwit.quorum.sim;

import org.jspecify.annotations.NullMarked;
