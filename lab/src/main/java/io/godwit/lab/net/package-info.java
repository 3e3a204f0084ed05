/** What a lab is made of beside its links: namespaces with their addresses, the core's router, the sites' BGP speakers and disks. */
@NullMarked
package io.godwit.lab.net;

import org.jspecify.annotations.NullMarked;
