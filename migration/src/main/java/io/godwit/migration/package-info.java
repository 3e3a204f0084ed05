@NullMarked
package io.godwit.migration;

import org.jspecify.annotations.NullMarked;
