/** A service under faults that are drawn from a seed: what it may expect of each, and what must hold whatever happens. */
@NullMarked
package io.godwit.lab.chaos;

import org.jspecify.annotations.NullMarked;
