@NullMarked
package io.godwit.lab.client;

import org.jspecify.annotations.NullMarked;
