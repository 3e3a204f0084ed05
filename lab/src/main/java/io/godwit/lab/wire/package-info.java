/**
 * A wide area network in user space: frames are read from a TAP device at one end, kept as long as the wire would keep
 * them, and written to a TAP device at the other end, each direction with its own delay, rate, queue and loss.
 */
@NullMarked
package io.godwit.lab.wire;

import org.jspecify.annotations.NullMarked;
