/** What a site measures, for Prometheus and whatever reads its format; docs/metrics.md. */
@NullMarked
package io.godwit.site.metrics;

import org.jspecify.annotations.NullMarked;
