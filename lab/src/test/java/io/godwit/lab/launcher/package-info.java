@NullMarked
package io.godwit.lab.launcher;

import org.jspecify.annotations.NullMarked;
