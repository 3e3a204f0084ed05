package io.godwit.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address of an interface together with the length of its network's prefix, such as 10.90.0.1/24. */
public record Ipv4Interface(Ipv4Address address, int prefixLength) {
    private static final Pattern TEXT = Pattern.compile("([0-9.]{7,15})/(\\d{1,2})");

    public Ipv4Interface {
        if (prefixLength < 8 || prefixLength > 32) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a prefix length must be from 8 to 32, not " + prefixLength);
        }
    }

    @JsonCreator
    public static Ipv4Interface parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' is not an address with a prefix length: write it as 10.90.0.1/24".formatted(text));
        }
        return new Ipv4Interface(Ipv4Address.parse(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** The network that the address lies in: the same with all host bits zero. */
    public Ipv4Interface network() {
        return new Ipv4Interface(new Ipv4Address(address.bits() & mask()), prefixLength);
    }

    /** The address that reaches every host of the network. */
    public Ipv4Address broadcast() {
        return new Ipv4Address(network().address().bits() | ~mask());
    }

    public boolean contains(Ipv4Address other) {
        return (other.bits() & mask()) == (address.bits() & mask());
    }

    @JsonValue
    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }

    private int mask() {
        return -1 << (32 - prefixLength);
    }
}
