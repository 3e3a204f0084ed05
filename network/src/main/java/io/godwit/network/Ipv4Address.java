package io.godwit.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IPv4 address; {@code bits} holds it in network order, the first octet in the highest byte. */
public record Ipv4Address(int bits) implements Comparable<Ipv4Address> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

    /** Reads dotted decimal, such as "10.90.0.10". */
    @JsonCreator
    public static Ipv4Address parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw notAnAddress(text);
        }
        int bits = 0;
        for (int octet = 1; octet <= 4; octet++) {
            int value = Integer.parseInt(matcher.group(octet));
            if (value > 255) {
                throw notAnAddress(text);
            }
            bits = bits << 8 | value;
        }
        return new Ipv4Address(bits);
    }

    public byte[] octets() {
        return new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    }

    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(octets());
        } catch (UnknownHostException impossible) {
            throw new AssertionError("four octets are always an address", impossible);
        }
    }

    @Override
    public int compareTo(Ipv4Address other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @JsonValue
    @Override
    public String toString() {
        return "%d.%d.%d.%d".formatted(bits >>> 24, bits >>> 16 & 255, bits >>> 8 & 255, bits & 255);
    }

    private static GodwitException notAnAddress(String text) {
        return new GodwitException(
                ErrorCode.BAD_INPUT, "'%s' is not an IPv4 address: write four numbers up to 255".formatted(text));
    }
}
