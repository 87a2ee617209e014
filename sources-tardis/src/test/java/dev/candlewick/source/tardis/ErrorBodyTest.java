package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorBodyTest {

    @Test
    void aNumberThatNothingCanHoldLeavesTheTextAsItCame() {
        assertThat(ErrorBody.parse("{\"code\":1e30000000000}")).hasToString("{\"code\":1e30000000000}");
    }
}
