/** Requests between the coordinators of two sites, one JSON line each over a CONTROL channel. */
@NullMarked
package io.godwit.site.peer;

import org.jspecify.annotations.NullMarked;
