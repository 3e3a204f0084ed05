/** Which mechanism protects a group: the cheapest that keeps what its users ask for, from what was measured. Pure rules. */
@NullMarked
package io.godwit.migration.mechanism;

import org.jspecify.annotations.NullMarked;
