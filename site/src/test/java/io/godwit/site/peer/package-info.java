@NullMarked
package io.godwit.site.peer;

import org.jspecify.annotations.NullMarked;
