/**
 * The plan of a drain: which groups leave a site live before a deadline, in which order, and which are only made safe. {@link
 * io.godwit.migration.drain.DrainPlan} decides from what is known at one moment, as often as that changes.
 */
@NullMarked
package io.godwit.migration.drain;

import org.jspecify.annotations.NullMarked;
