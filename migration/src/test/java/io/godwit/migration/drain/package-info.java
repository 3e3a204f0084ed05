@NullMarked
package io.godwit.migration.drain;

import org.jspecify.annotations.NullMarked;
