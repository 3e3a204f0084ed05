/** A group's past: marks in its log, the points that can be opened, and those that are. */
@NullMarked
package io.godwit.site.history;

import org.jspecify.annotations.NullMarked;
