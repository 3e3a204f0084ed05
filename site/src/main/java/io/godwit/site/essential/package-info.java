/** The essential state of machines, as it is kept on a disk of their group. */
@NullMarked
package io.godwit.site.essential;

import org.jspecify.annotations.NullMarked;
