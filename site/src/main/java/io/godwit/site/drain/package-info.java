/** What carries a drain of the site out: plans, moves group after group, makes the others synchronous meanwhile, and plans anew. */
@NullMarked
package io.godwit.site.drain;

import org.jspecify.annotations.NullMarked;
