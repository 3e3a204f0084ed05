/** Other people's NBD servers as clients use them: libnbd, by the Foreign Function API. */
@NullMarked
package io.godwit.volume.libnbd;

import org.jspecify.annotations.NullMarked;
