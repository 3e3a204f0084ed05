/** A group's machines at this site, each in a QEMU that outlives the daemon, and what is looked at while they run. */
@NullMarked
package io.godwit.site.guests;

import org.jspecify.annotations.NullMarked;
