package io.godwit.quorum.sim;

import io.godwit.core.SiteName;
import io.godwit.core.Term;

/**
 * A record of a group's log: a guest's write, or the first of a term.
 *
 * @param by the owner that wrote it
 * @param number no two have the same
 */
record Written(Term term, SiteName by, long number) {}
