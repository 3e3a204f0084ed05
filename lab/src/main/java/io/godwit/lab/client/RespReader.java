package io.godwit.lab.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Decodes replies of the Redis serialization protocol (RESP2, https://redis.io/docs/latest/develop/reference/protocol-spec):
 * status, error, number and bulk string; anything else is an {@link IOException}, as is more than the limits allow.
 */
final class RespReader {
    static final int MAX_LINE_BYTES = 1 << 10;
    static final int MAX_BULK_BYTES = 1 << 16;

    private final InputStream in;

    RespReader(InputStream in) {
        this.in = in;
    }

    /** Blocks for the next reply; an {@link EOFException} says that the other side has closed. */
    RedisReply read() throws IOException {
        int kind = nextByte();
        String line = line();
        return switch (kind) {
            case '+', ':' -> new RedisReply.Value(line);
            case '-' -> new RedisReply.Refused(line);
            case '$' -> bulk(length(line));
            default -> throw new IOException("Redis sent a reply of an unknown kind: byte " + kind);
        };
    }

    private RedisReply bulk(int length) throws IOException {
        if (length == -1) {
            return new RedisReply.Absent();
        }
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            throw new EOFException("Redis closed the connection in the middle of a value");
        }
        if (nextByte() != '\r' || nextByte() != '\n') {
            throw new IOException("Redis sent a value that is longer than it said");
        }
        return new RedisReply.Value(new String(content, StandardCharsets.UTF_8));
    }

    private static int length(String line) throws IOException {
        try {
            int length = Integer.parseInt(line);
            if (length >= -1 && length <= MAX_BULK_BYTES) {
                return length;
            }
        } catch (NumberFormatException notANumber) {
            throw new IOException("Redis sent a value without a length", notANumber);
        }
        throw new IOException("Redis sent a value of " + line + " bytes, and " + MAX_BULK_BYTES + " is the limit");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = nextByte(); next != '\r'; next = nextByte()) {
            if (line.length() == MAX_LINE_BYTES) {
                throw new IOException("Redis sent a line longer than " + MAX_LINE_BYTES + " bytes");
            }
            line.append((char) next);
        }
        if (nextByte() != '\n') {
            throw new IOException("Redis sent a line with a wrong end");
        }
        return line.toString();
    }

    private int nextByte() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("Redis closed the connection");
        }
        return next;
    }
}
