package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Series;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user is told who asks for something that Binance does not have. */
class UnservedSeriesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "spot | BINANCE:SPOT_PAIR:BTC-USDT/candles:10m              | it has [1s, 1m, 3m, 5m, 15m",
                "um   | BINANCE-FUTURES:PERPETUAL:BTC-USDT/candles:1s       | it has [1m, 3m",
                "spot | BINANCE:SPOT_PAIR:BTC-USDT/candles:1d@Europe/Zurich | resample",
                "spot | BINANCE-FUTURES:PERPETUAL:BTC-USDT/candles:1m       | binance:um"
            })
    void theRefusalNamesWhatThereIsInstead(String market, String series, String hint) {
        try (var source = BinanceSource.builder(Market.parse(market)).build()) {
            Series asked = Series.parse(series);

            assertThat(source.serves(asked)).isFalse();
            assertThat(source.refusal(asked)).contains(hint);
        }
    }
}
