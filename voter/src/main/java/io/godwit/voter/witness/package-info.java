/** A witness: a voter that is no site, in a small daemon of its own. See {@code docs/witness.md}. */
@NullMarked
package io.godwit.voter.witness;

import org.jspecify.annotations.NullMarked;
