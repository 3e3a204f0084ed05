package io.godwit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @Test
    void aNameIsShownAsItWasGiven() {
        assertThat(new GroupName("shop-1")).hasToString("shop-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Shop", "-shop", "shop-", "a/b", "..", "a b", "012345678901234567890123456789012"})
    void aNameThatCouldNotBeAFileIsRefused(String name) {
        assertThatThrownBy(() -> new GroupName(name))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("cannot name a group");
    }
}
