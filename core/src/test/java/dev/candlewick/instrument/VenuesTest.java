package dev.candlewick.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VenuesTest {

    @ParameterizedTest
    @CsvSource({
        "BINANCE, binance",
        "BINANCE-FUTURES, binance-futures",
        "BINANCE-DELIVERY, binance-delivery",
        "BYBIT, bybit",
        "BYBIT-SPOT, bybit-spot",
        "BYBIT-OPTIONS, bybit-options",
        "OKX, okex",
        "OKX-SWAP, okex-swap",
        "OKX-FUTURES, okex-futures",
        "OKX-OPTIONS, okex-options",
        "OKX-SPREADS, okex-spreads",
        "DERIBIT, deribit",
        "UPBIT, upbit",
        "OKCOIN, okcoin",
        "DYDX-V4, dydx-v4"
    })
    void aVenueAndItsExchangeNameEachOther(String venue, String exchange) {
        assertThat(Venues.tardisExchange(venue)).isEqualTo(exchange);
        assertThat(Venues.canonical(exchange)).isEqualTo(venue);
        assertThat(Venues.canonical(venue)).isEqualTo(venue);
        assertThat(Venues.tardisExchange(exchange)).isEqualTo(exchange);
    }

    @ParameterizedTest
    @ValueSource(strings = {"OKEX-SWAP", "okx-swap", "okex-swap", "OKX-SWAP"})
    void everySpellingOfOkxIsOneVenue(String spelling) {
        assertThat(Venues.canonical(spelling)).isEqualTo("OKX-SWAP");
        assertThat(Venues.tardisExchange(spelling)).isEqualTo("okex-swap");
    }
}
