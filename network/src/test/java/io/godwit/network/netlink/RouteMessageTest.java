package io.godwit.network.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteMessageTest {
    private static final HostRoute THROUGH_TUNNEL =
            new HostRoute(0x0a5a000a, 7, OptionalInt.of(0x0afe0002), 100, OptionalInt.of(1350));

    @Test
    void aMessageSaysItsOwnLengthAndNumber() {
        byte[] message = new RouteMessage(RouteMessage.Kind.PUT, THROUGH_TUNNEL).encode(42);
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        assertThat(in.getInt(0)).isEqualTo(message.length);
        assertThat(in.getShort(4)).as("RTM_NEWROUTE").isEqualTo((short) 24);
        assertThat(in.getInt(8)).isEqualTo(42);
    }

    @Test
    void attributesFillTheMessageExactly() {
        byte[] message = new RouteMessage(RouteMessage.Kind.DELETE, THROUGH_TUNNEL).encode(1);
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        int at = 28;
        while (at < message.length) {
            assertThat(in.getShort(at)).isGreaterThanOrEqualTo((short) 4);
            at += in.getShort(at);
        }
        assertThat(at).isEqualTo(message.length);
    }

    @Test
    void addressesStandInNetworkOrder() {
        byte[] message = new RouteMessage(RouteMessage.Kind.PUT, THROUGH_TUNNEL).encode(1);
        assertThat(message).containsSequence(10, 90, 0, 10).containsSequence(10, (byte) 254, 0, 2);
    }

    @Test
    void anAnswerToAnotherMessageIsPassedOver() throws IOException {
        assertThat(RoutingTable.errorIn(answer(2, 9, -17), 8)).isEmpty();
        assertThat(RoutingTable.errorIn(answer(3, 8, -17), 8)).isEmpty();
        assertThat(RoutingTable.errorIn(answer(2, 8, -17), 8)).hasValue(17);
        assertThat(RoutingTable.errorIn(answer(2, 8, 0), 8)).hasValue(0);
    }

    @Test
    void anyAnswerIsReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            try {
                RoutingTable.errorIn(ByteBuffer.wrap(noise), random.nextInt());
            } catch (IOException refused) {
                assertThat(noise.length).as("seed %d", seed).isLessThan(20);
            }
        }
    }

    @Test
    void aShortAnswerIsRefused() {
        assertThatThrownBy(() -> RoutingTable.errorIn(ByteBuffer.allocate(19), 1))
                .isInstanceOf(IOException.class);
    }

    private static ByteBuffer answer(int type, int number, int error) {
        ByteBuffer out = ByteBuffer.allocate(36).order(ByteOrder.nativeOrder());
        out.putInt(36)
                .putShort((short) type)
                .putShort((short) 0)
                .putInt(number)
                .putInt(0)
                .putInt(error);
        return out.rewind();
    }
}
