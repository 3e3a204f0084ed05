/** {@code godwit bench nbd}: our NBD server with its log, next to qemu-nbd and nbdkit. */
@NullMarked
package io.godwit.bench.nbd;

import org.jspecify.annotations.NullMarked;
