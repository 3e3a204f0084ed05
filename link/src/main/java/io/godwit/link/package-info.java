@NullMarked
package io.godwit.link;

import org.jspecify.annotations.NullMarked;
