package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TickDatasetTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trades",
                "agg_trades",
                "book:l2",
                "book:5",
                "book:25",
                "quotes",
                "book_ticker",
                "derivative_ticker",
                "liquidations",
                "options_chain",
                "funding",
                "instruments",
                "trades:grouped"
            })
    void aTickDatasetIsReadBackFromItsName(String name) {
        Dataset dataset = Dataset.parse(name);

        assertThat(dataset.name()).isEqualTo(name);
        assertThat(Dataset.parse(dataset.name())).isEqualTo(dataset);
        assertThat(dataset.cadence().unit()).isEqualTo(CalendarUnit.DAY);
    }

    @Test
    void ticksAreOrderedByArrivalAndNothingMakesThemUnique() {
        assertThat(Dataset.TRADES.schema().time()).isEqualTo("local_timestamp");
        assertThat(Dataset.TRADES.schema().key()).isEmpty();
    }

    @Test
    void aBookHasTheBestLevelsOfBothSidesNumberedFromOne() {
        assertThat(Dataset.book(2).schema().names())
                .containsExactly(
                        "timestamp",
                        "local_timestamp",
                        "ask_price_1",
                        "ask_volume_1",
                        "bid_price_1",
                        "bid_volume_1",
                        "ask_price_2",
                        "ask_volume_2",
                        "bid_price_2",
                        "bid_volume_2");
    }

    @Test
    void aGroupNamesTheSymbolOfEachRowOnce() {
        assertThat(Dataset.TRADES.grouped().schema().names()).endsWith("symbol");
        assertThat(Dataset.TRADES.grouped().grouped()).isEqualTo(Dataset.TRADES.grouped());
        assertThat(Dataset.OPTIONS_CHAIN.grouped()).isEqualTo(Dataset.OPTIONS_CHAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"book:0", "book:05", "book:1000", "trade", "options_chain:grouped:"})
    void aNameThatNobodyKnowsIsRefusedWithThoseThatAreKnown(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.parse(name))
                .withMessageContaining("'" + name + "'")
                .withMessageContaining("derivative_ticker");
    }
}
