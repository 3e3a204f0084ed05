@NullMarked
package io.godwit.voter.witness;

import org.jspecify.annotations.NullMarked;
