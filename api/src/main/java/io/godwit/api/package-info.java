@NullMarked
package io.godwit.api;

import org.jspecify.annotations.NullMarked;
