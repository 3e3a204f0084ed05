@NullMarked
package io.godwit.lab;

import org.jspecify.annotations.NullMarked;
