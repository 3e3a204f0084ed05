@NullMarked
package io.godwit.site.group;

import org.jspecify.annotations.NullMarked;
