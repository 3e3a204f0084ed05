package io.godwit.core;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * An ordered two-way byte stream to a peer whose identity was already proved. Reads and writes block; closing from
 * another thread ends both with an {@link IOException}. The output may buffer: flush at the end of a message.
 */
public interface Channel extends Closeable {
    InputStream input();

    OutputStream output();

    @Override
    void close() throws IOException;
}
