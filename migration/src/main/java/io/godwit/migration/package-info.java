/**
 * The coordinator of a planned move. {@link io.godwit.migration.MoveMachine} decides at the source and {@link
 * io.godwit.migration.HandOver} at the target; both are pure functions of a state and an event. {@link
 * io.godwit.migration.MoveCoordinator} persists each state before it runs the effects that the state asks for.
 *
 * <pre>
 *   source                                                     target
 *   PREPARING     ── prepare server, storage, network ──▶      prepared
 *   DRAINING      ── pending writes ────────────────────▶
 *   SYNCHRONOUS      flushes wait for the target
 *   PRE_COPYING   ── changed memory, round by round ────▶
 *   QUIESCING        divert, pause, last round ─────────▶      loaded, still stopped
 *   OFFERED       ── "yours, if you can run it" ────────▶      taken: the new term is persisted   ◀ commit point
 *   SETTLING      ◀────────────────────────── taken ─────      guest runs, route announced
 *   COMPLETED        withdrawn, tunnel torn down               the former source follows
 * </pre>
 */
@NullMarked
package io.godwit.migration;

import org.jspecify.annotations.NullMarked;
