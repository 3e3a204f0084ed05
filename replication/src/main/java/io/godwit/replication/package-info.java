@NullMarked
package io.godwit.replication;

import org.jspecify.annotations.NullMarked;
