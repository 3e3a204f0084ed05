package io.godwit.lab.client;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One TCP connection to Redis. A silence longer than the given patience ends it with an {@link IOException}. */
final class RedisConnection implements Closeable {
    private final Socket socket;
    private final RespReader in;
    private final OutputStream out;

    private RedisConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new RespReader(new BufferedInputStream(socket.getInputStream()));
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    static RedisConnection open(InetSocketAddress address, Duration connectTimeout, Duration patience)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.connect(address, Math.toIntExact(connectTimeout.toMillis()));
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            return new RedisConnection(socket);
        } catch (IOException unreachable) {
            socket.close();
            throw unreachable;
        }
    }

    /** Sets a key and returns what it held before, in one step of Redis (version 6.2 or later). */
    RedisReply exchange(String key, String value) throws IOException {
        send("SET", key, value, "GET");
        return reply();
    }

    /** Asks for a key's value; the answer comes by {@link #reply}, in the order of the questions. */
    void ask(String key) throws IOException {
        write("GET", key);
    }

    /** The next answer; what was asked is sent first. */
    RedisReply reply() throws IOException {
        out.flush();
        return in.read();
    }

    private void send(String... words) throws IOException {
        write(words);
        out.flush();
    }

    private void write(String... words) throws IOException {
        StringBuilder command = new StringBuilder("*").append(words.length).append("\r\n");
        for (String word : words) {
            command.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        out.write(command.toString().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
