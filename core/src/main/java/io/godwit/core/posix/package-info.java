/** The few system calls of Linux that the JDK doesn't offer, called through the foreign function interface. */
@NullMarked
package io.godwit.core.posix;

import org.jspecify.annotations.NullMarked;
