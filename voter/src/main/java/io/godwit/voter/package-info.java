/**
 * A voter: one of the few that decide who may write. It keeps {@link io.godwit.quorum.QuorumState} together with the others, by Apache
 * Ratis (Raft), whose messages travel over the sites' own authenticated links: no port, no key and no trust of its own.
 *
 * <pre>
 *   site's daemon ──ask──▶ Voter ──▶ Submission ──▶ Ratis ──▶ QuorumMachine ──▶ Applied ──agreed──▶ site's daemon
 *                            │ (the leader is elsewhere)  │
 *                            ▼                            ▼ RaftTransport
 *                          PeerCalls ─────── QuorumFrames over QUORUM channels ───────▶ VoterDesk of another voter
 * </pre>
 *
 * A peer speaks for itself alone: {@link io.godwit.voter.VoterDesk} compares every message with the name that the channel has proved.
 * See {@code docs/witness.md}, and decision 0704 for why.
 */
@NullMarked
package io.godwit.voter;

import org.jspecify.annotations.NullMarked;
