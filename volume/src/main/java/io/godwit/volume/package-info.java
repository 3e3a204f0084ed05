@NullMarked
package io.godwit.volume;

import org.jspecify.annotations.NullMarked;
