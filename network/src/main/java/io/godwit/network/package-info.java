/** The edge of a site: it commands the kernel's data plane and a BGP speaker, so that an address moves with its service. */
@NullMarked
package io.godwit.network;

import org.jspecify.annotations.NullMarked;
