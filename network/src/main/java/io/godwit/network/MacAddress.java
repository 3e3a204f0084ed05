package io.godwit.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.regex.Pattern;

/** The hardware address of one station: six lower-case hexadecimal octets, such as 52:54:00:67:77:01, not a multicast one. */
public record MacAddress(@JsonValue String value) {
    private static final Pattern TEXT = Pattern.compile("[0-9a-f][02468ace](:[0-9a-f]{2}){5}");

    @JsonCreator
    public MacAddress {
        if (!TEXT.matcher(value).matches()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' is not the hardware address of one station: write it as 52:54:00:67:77:01".formatted(value));
        }
    }

    /** A locally administered address made from an IPv4 address, so that both ends of a tunnel can tell each other's. */
    static MacAddress derivedFrom(Ipv4Address address) {
        int bits = address.bits();
        return new MacAddress(
                "02:67:%02x:%02x:%02x:%02x".formatted(bits >>> 24, bits >>> 16 & 255, bits >>> 8 & 255, bits & 255));
    }

    @Override
    public String toString() {
        return value;
    }
}
