/**
 * Pairing of two sites, once, and the authenticated channels between them afterwards. A site is an authority of its
 * own: it issues a certificate to each site that it was paired with and accepts no other. See {@code docs/trust.md}.
 */
@NullMarked
package io.godwit.link;

import org.jspecify.annotations.NullMarked;
