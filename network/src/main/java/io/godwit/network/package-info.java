@NullMarked
package io.godwit.network;

import org.jspecify.annotations.NullMarked;
