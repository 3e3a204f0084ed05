@NullMarked
package io.godwit.core.json;

import org.jspecify.annotations.NullMarked;
