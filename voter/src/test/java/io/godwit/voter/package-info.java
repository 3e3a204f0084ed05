@NullMarked
package io.godwit.voter;

import org.jspecify.annotations.NullMarked;
