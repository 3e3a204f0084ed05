/** Benchmarks: each measures Godwit and its peers side by side, in one run, on the same work. Commands and report: docs/bench.md. */
@NullMarked
package io.godwit.bench;

import org.jspecify.annotations.NullMarked;
