@NullMarked
package io.godwit.lab.chaos;

import org.jspecify.annotations.NullMarked;
