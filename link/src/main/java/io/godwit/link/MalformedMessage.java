package io.godwit.link;

import java.io.IOException;

/** The other side sent bytes that are no message of the protocol; the connection ends. */
final class MalformedMessage extends IOException {
    MalformedMessage(String what) {
        super("the other side sent " + what);
    }
}
