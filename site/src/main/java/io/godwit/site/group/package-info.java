/** What a site does for one protection group: serving it, or following the site that does. */
@NullMarked
package io.godwit.site.group;

import org.jspecify.annotations.NullMarked;
