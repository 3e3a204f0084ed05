@NullMarked
package io.godwit.site.move;

import org.jspecify.annotations.NullMarked;
