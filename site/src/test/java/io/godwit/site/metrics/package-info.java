@NullMarked
package io.godwit.site.metrics;

import org.jspecify.annotations.NullMarked;
