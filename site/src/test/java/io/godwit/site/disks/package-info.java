/** A group's disks as its machines have them, and for whom an acknowledgement waits. */
@NullMarked
package io.godwit.site.disks;

import org.jspecify.annotations.NullMarked;
