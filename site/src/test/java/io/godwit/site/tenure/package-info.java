@NullMarked
package io.godwit.site.tenure;

import org.jspecify.annotations.NullMarked;
