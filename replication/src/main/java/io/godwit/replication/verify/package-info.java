/** Comparing a replica with its source by digest trees, at one position, while both work; docs/verify.md. */
@NullMarked
package io.godwit.replication.verify;

import org.jspecify.annotations.NullMarked;
