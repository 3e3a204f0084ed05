/** A planned move at its two ends: what the coordinator's effects really do. */
@NullMarked
package io.godwit.site.move;

import org.jspecify.annotations.NullMarked;
