/** What is told, as it goes on, to whoever asked at the site's private socket. */
@NullMarked
package io.godwit.site.api;

import org.jspecify.annotations.NullMarked;
