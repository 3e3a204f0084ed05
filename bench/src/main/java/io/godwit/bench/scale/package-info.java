/** {@code godwit bench scale}: what a large disk costs, next to a small one with the same content. */
@NullMarked
package io.godwit.bench.scale;

import org.jspecify.annotations.NullMarked;
