/** The commands that ask a running site: a thin skin over the API. */
@NullMarked
package io.godwit.cli;

import org.jspecify.annotations.NullMarked;
