/**
 * Who may write. Voters agree, command by command, on one small state: which site owns each group, in which term, for how long
 * at a time. {@link io.godwit.quorum.QuorumState} applies commands; it knows no clock. Time is judged where it is safe to:
 * by the owner, which counts its lease from the moment it <em>sent</em> the renewal, and by whoever wants to take over, who
 * counts from the moment its own voter <em>applied</em> that renewal, which is later, and waits a little more.
 *
 * <pre>
 *   owner, its own clock                                          voter of a site that waits, its own clock
 *   renewal n sent ──────────▶ applied, in one order ───────────▶ sees renewal n
 *   │                                                             │
 *   │ lease − stop   guests and disks are being stopped           │
 *   │ lease − guard  disks acknowledge nothing any more           │
 *   │ lease          nothing of it may act                        │
 *   ▼                                                             │ lease × (1 + drift)   may claim "if n is still the last"
 *   renewal n+1, if it was applied before the claim ────────────▶ the claim is refused: wait for n+1 in turn
 * </pre>
 *
 * {@link io.godwit.quorum.TenureMachine} decides what a site does about its ownership of one group, {@link
 * io.godwit.quorum.Detection} what a silence means. Both are pure functions; {@code io.godwit.quorum.sim} runs them against every failure
 * that a seed thinks of.
 */
@NullMarked
package io.godwit.quorum;

import org.jspecify.annotations.NullMarked;
