/**
 * What programs inside machines may ask for, over a serial port: a checkpoint. They are not trusted; see
 * {@code docs/decisions/0802-a-machine-asks.md}.
 *
 * <pre>
 *   program in the machine                     daemon that serves its group
 *        |                                          |
 *        |  <---------------- ready --------------  |   it has connected: who waits for an answer asks again
 *        |  ---------- checkpoint TOKEN --------->  |
 *        |                                          |   the other site gets a checkpoint
 *        |  <------- TOKEN done POSITION ---------  |
 *        |  or <--- TOKEN refused SENTENCE -------  |   nothing was done
 *        |  or <---- TOKEN failed SENTENCE -------  |   it was tried
 * </pre>
 */
@NullMarked
package io.godwit.site.inside;

import org.jspecify.annotations.NullMarked;
