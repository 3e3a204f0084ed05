/** The memory of a group's machines at the site that doesn't run them: the last checkpoint, and whether to go on from it. */
@NullMarked
package io.godwit.site.checkpoint;

import org.jspecify.annotations.NullMarked;
