/**
 * The measuring client: one long-lived connection to Redis that knows every acknowledged write, and paced UDP probes
 * beside it; a process of its own, because it runs in the client's network namespace.
 *
 * <pre>
 * ClientProcess (the demo) == stdin "finish" ==&gt; ClientMain -- RedisWriter --&gt; Redis      WriteLedger judges
 *                          &lt;== stdout ClientLine ==          -- UdpProber   --&gt; UDP echo   ProbeTally counts
 * </pre>
 */
@NullMarked
package io.godwit.lab.client;

import org.jspecify.annotations.NullMarked;
