/** The site daemon: the one place where the parts are wired together. */
@NullMarked
package io.godwit.site;

import org.jspecify.annotations.NullMarked;
