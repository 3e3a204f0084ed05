/** The one process that holds a lab: it makes the namespaces, emulates the links, runs the daemons, and answers on a control socket. */
@NullMarked
package io.godwit.lab.keeper;

import org.jspecify.annotations.NullMarked;
