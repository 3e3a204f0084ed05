package io.godwit.link;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What a joining site sends once it has seen the right fingerprint at the other end.
 *
 * <pre>
 *   u32 magic "GWPR" | u16 version | secret, 32 bytes | u16 length, address | u16 length, certificate (DER)
 * </pre>
 *
 * The answer is a {@link Verdict}, followed, if it agrees, by u16 length and the certificate issued in return.
 */
final class PairingRequest {
    static final int MAX_CERTIFICATE_BYTES = 4096;
    private static final int MAGIC = 0x47575052;
    private static final int MAX_ADDRESS_BYTES = 300;

    private final byte[] secret;
    private final String address;
    private final byte[] certificate;

    /** @param certificate what the joining site issued to the one that it joins */
    PairingRequest(byte[] secret, String address, byte[] certificate) {
        this.secret = secret.clone();
        this.address = address;
        this.certificate = certificate.clone();
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        out.writeShort(Hello.VERSION);
        out.write(secret);
        BoundedText.write(out, address, MAX_ADDRESS_BYTES);
        BoundedText.writeBytes(out, certificate, MAX_CERTIFICATE_BYTES);
        out.flush();
    }

    static PairingRequest read(DataInputStream in) throws IOException {
        Hello.requireMagic(in, MAGIC, "no request to pair");
        Hello.requireVersion(in.readUnsignedShort());
        byte[] secret = new byte[PairingToken.SECRET_BYTES];
        in.readFully(secret);
        String address = BoundedText.read(in, MAX_ADDRESS_BYTES);
        return new PairingRequest(secret, address, BoundedText.readBytes(in, MAX_CERTIFICATE_BYTES));
    }

    byte[] secret() {
        return secret.clone();
    }

    String address() {
        return address;
    }

    byte[] certificate() {
        return certificate.clone();
    }
}
