/** What the launcher runs: every part of Godwit and what it needs, side by side. The tests of the whole are here. */
@NullMarked
package io.godwit.dist;

import org.jspecify.annotations.NullMarked;
