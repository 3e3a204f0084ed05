/** How a site's daemon obeys the voters: what the pure rules in {@code io.godwit.quorum} decide, with threads, a clock and effects. */
@NullMarked
package io.godwit.site.tenure;

import org.jspecify.annotations.NullMarked;
