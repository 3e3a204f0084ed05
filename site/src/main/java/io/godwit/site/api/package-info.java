/** The site's private socket for people and programs on the same machine. */
@NullMarked
package io.godwit.site.api;

import org.jspecify.annotations.NullMarked;
