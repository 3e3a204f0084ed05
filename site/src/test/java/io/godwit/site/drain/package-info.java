@NullMarked
package io.godwit.site.drain;

import org.jspecify.annotations.NullMarked;
