package io.godwit.site.inside;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A conversation with whatever program in a machine has its port open. It lasts until QEMU ends, or nobody there reads what many answers say: a port that is
 * not open takes none. What comes is read no faster than a person's program needs it.
 */
final class Conversation {
    private static final Logger LOG = System.getLogger(Conversation.class.getName());
    private static final int MOST_ANSWERS = 64;
    private static final int READ_BYTES = 512;
    private static final Duration BETWEEN_READS = Duration.ofMillis(10);

    /** Who listens to it. */
    interface Listener {
        /** Somebody asks; returns the line to answer at once, or an empty one. */
        String asked(Conversation here, InsideLine line);

        /** It has ended; nobody there can be answered any more. */
        void ended(Conversation here);
    }

    private final Path socket;
    private final SocketChannel channel;
    private final Listener listener;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(MOST_ANSWERS);
    private final Thread reader;
    private final Thread writer;
    private volatile boolean ended;

    private Conversation(Path socket, Listener listener) throws IOException {
        this.socket = socket;
        this.listener = listener;
        this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        this.reader = Thread.ofVirtual().name("inside-reader").unstarted(this::read);
        this.writer = Thread.ofVirtual().name("inside-writer").unstarted(this::write);
    }

    static Conversation begin(Path socket, Listener listener) throws IOException {
        Conversation here = new Conversation(socket, listener);
        here.answers.add(Answer.READY);
        here.reader.start();
        return here;
    }

    /** Says a line, without waiting: where nobody reads, the conversation ends rather. */
    void say(String line) {
        if (!answers.offer(line)) {
            end();
        }
    }

    boolean hasEnded() {
        return ended;
    }

    /** Connects as well: QEMU may be slow to accept. */
    private void read() {
        ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES);
        LineCutter lines = new LineCutter();
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            writer.start();
            while (channel.read(bytes) >= 0) {
                for (InsideLine line : lines.cut(bytes.flip())) {
                    String answer = listener.asked(this, line);
                    if (!answer.isEmpty()) {
                        answers.put(answer);
                    }
                }
                bytes.clear();
                Thread.sleep(BETWEEN_READS);
            }
        } catch (IOException gone) {
            LOG.log(Level.TRACE, "the conversation on " + socket + " ended", gone);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            end();
            listener.ended(this);
        }
    }

    private void write() {
        try {
            while (true) {
                ByteBuffer line = ByteBuffer.wrap((answers.take() + "\n").getBytes(StandardCharsets.US_ASCII));
                while (line.hasRemaining()) {
                    channel.write(line);
                }
            }
        } catch (IOException gone) {
            LOG.log(Level.TRACE, "nobody is answered on " + socket, gone);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /** Ends it; harmless if it has ended. These threads touch nothing but the socket, and may be interrupted. */
    void end() {
        ended = true;
        try {
            channel.close();
        } catch (IOException closed) {
            LOG.log(Level.TRACE, "closing " + socket, closed);
        }
        reader.interrupt();
        writer.interrupt();
    }
}
