/** What is kept of machines' essential state, with disks that are a few bytes of memory. */
@NullMarked
package io.godwit.site.essential;

import org.jspecify.annotations.NullMarked;
