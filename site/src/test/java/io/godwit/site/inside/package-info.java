@NullMarked
package io.godwit.site.inside;

import org.jspecify.annotations.NullMarked;
