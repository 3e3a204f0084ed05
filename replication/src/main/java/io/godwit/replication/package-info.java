/**
 * Keeping a second copy of a group at another site: the log's records are shipped as they are, the copy begins with a
 * bulk copy of the disks while guests write, and the mode says who waits for the copy. The protocol and why it is
 * right: {@code docs/replication-protocol.md}.
 */
@NullMarked
package io.godwit.replication;

import org.jspecify.annotations.NullMarked;
