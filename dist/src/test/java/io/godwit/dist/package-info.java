@NullMarked
package io.godwit.dist;

import org.jspecify.annotations.NullMarked;
