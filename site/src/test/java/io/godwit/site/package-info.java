@NullMarked
package io.godwit.site;

import org.jspecify.annotations.NullMarked;
