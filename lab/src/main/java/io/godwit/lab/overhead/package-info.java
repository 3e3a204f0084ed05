/** What protecting a machine costs the service in it: {@code godwit demo overhead}. */
@NullMarked
package io.godwit.lab.overhead;

import org.jspecify.annotations.NullMarked;
