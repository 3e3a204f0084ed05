@NullMarked
package io.godwit.site.history;

import org.jspecify.annotations.NullMarked;
