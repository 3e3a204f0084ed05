@NullMarked
package io.godwit.lab.demo;

import org.jspecify.annotations.NullMarked;
