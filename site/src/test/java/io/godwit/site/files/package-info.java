/** What a site has on disk of a protection group: its record, and where everything else is. */
@NullMarked
package io.godwit.site.files;

import org.jspecify.annotations.NullMarked;
