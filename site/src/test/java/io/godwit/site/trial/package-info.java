/** Test failovers: a group booted from copies of its disks, in a network that leads nowhere. */
@NullMarked
package io.godwit.site.trial;

import org.jspecify.annotations.NullMarked;
