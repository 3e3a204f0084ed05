/**
 * What a person or program may ask of a site, and what it answers: one request as a line of JSON on the site's private unix
 * socket, then reply lines until the last one. {@code docs/api.md} describes them.
 */
@NullMarked
package io.godwit.api;

import org.jspecify.annotations.NullMarked;
