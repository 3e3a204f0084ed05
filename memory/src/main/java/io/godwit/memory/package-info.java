@NullMarked
package io.godwit.memory;

import org.jspecify.annotations.NullMarked;
