/** What all command lines have in common. */
@NullMarked
package io.godwit.core.cli;

import org.jspecify.annotations.NullMarked;
