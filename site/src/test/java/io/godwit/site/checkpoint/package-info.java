@NullMarked
package io.godwit.site.checkpoint;

import org.jspecify.annotations.NullMarked;
