/** The demonstration: a real machine, a real client, two data centres, and a report of what the client saw of the move. */
@NullMarked
package io.godwit.lab.demo;

import org.jspecify.annotations.NullMarked;
