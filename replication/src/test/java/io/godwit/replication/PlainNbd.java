package io.godwit.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.godwit.core.DiskName;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The least of an NBD client: one request at a time, each answered before the next. */
final class PlainNbd implements AutoCloseable {
    /** What a request asks for, and its number in the protocol. */
    enum Command {
        READ(0),
        WRITE(1),
        FLUSH(3),
        TRIM(4),
        ZEROES(6);

        private final int code;

        Command(int code) {
            this.code = code;
        }
    }

    /** The server answered that it didn't do it. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(Command command, int error) {
            super(command + " was refused with error " + error);
        }
    }

    private static final long IHAVEOPT = 0x49484156454F5054L;
    private static final int OPT_EXPORT_NAME = 1;
    private static final int FIXED_NEWSTYLE_NO_ZEROES = 3;
    private static final int GREETING_BYTES = 18;
    private static final int EXPORT_BYTES = 10;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int FUA = 1;
    private static final byte[] NOTHING = {};

    private final SocketChannel socket;
    private final DataInputStream input;
    private final DataOutputStream output;

    PlainNbd(Path path, DiskName disk) throws IOException {
        socket = SocketChannel.open(UnixDomainSocketAddress.of(path));
        input = new DataInputStream(Channels.newInputStream(socket));
        output = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(socket), 1 << 17));
        input.readNBytes(GREETING_BYTES);
        output.writeInt(FIXED_NEWSTYLE_NO_ZEROES);
        output.writeLong(IHAVEOPT);
        output.writeInt(OPT_EXPORT_NAME);
        byte[] name = disk.value().getBytes(UTF_8);
        output.writeInt(name.length);
        output.write(name);
        output.flush();
        input.readNBytes(EXPORT_BYTES);
    }

    byte[] read(long offset, int length) throws IOException {
        request(Command.READ, 0, offset, length, NOTHING);
        byte[] bytes = input.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the server hung up");
        }
        return bytes;
    }

    void write(long offset, byte[] bytes, boolean forceUnitAccess) throws IOException {
        request(Command.WRITE, forceUnitAccess ? FUA : 0, offset, bytes.length, bytes);
    }

    void clear(Command how, long offset, int length) throws IOException {
        request(how, 0, offset, length, NOTHING);
    }

    void flush() throws IOException {
        request(Command.FLUSH, 0, 0, 0, NOTHING);
    }

    private void request(Command command, int flags, long offset, int length, byte[] payload) throws IOException {
        output.writeInt(REQUEST_MAGIC);
        output.writeShort(flags);
        output.writeShort(command.code);
        output.writeLong(0);
        output.writeLong(offset);
        output.writeInt(length);
        output.write(payload);
        output.flush();
        input.readInt();
        int error = input.readInt();
        input.readLong();
        if (error != 0) {
            throw new RefusedException(command, error);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
