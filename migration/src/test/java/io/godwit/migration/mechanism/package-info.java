@NullMarked
package io.godwit.migration.mechanism;

import org.jspecify.annotations.NullMarked;
