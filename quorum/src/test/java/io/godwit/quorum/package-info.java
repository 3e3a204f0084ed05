@NullMarked
package io.godwit.quorum;

import org.jspecify.annotations.NullMarked;
