/** Replication over an emulated link, next to QEMU's mirror over the same link. */
@NullMarked
package io.godwit.bench.replication;

import org.jspecify.annotations.NullMarked;
