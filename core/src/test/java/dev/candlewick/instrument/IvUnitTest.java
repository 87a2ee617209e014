package dev.candlewick.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IvUnitTest {

    @Test
    void deribitPrintsPercentAndTheOthersFractions() {
        assertThat(IvUnit.of("deribit").orElseThrow().fraction(62.89)).isEqualTo(0.6289);
        assertThat(IvUnit.of("OKEX-OPTIONS").orElseThrow().fraction(0.86)).isEqualTo(0.86);
        assertThat(IvUnit.of("binance-european-options")).contains(IvUnit.FRACTION);
    }

    @Test
    void aVenueThatNobodyRecordedHasNoUnit() {
        assertThat(IvUnit.of("NEW-OPTIONS")).isEmpty();
    }
}
