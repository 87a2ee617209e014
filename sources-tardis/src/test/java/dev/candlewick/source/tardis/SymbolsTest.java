package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.ListingWindow;
import dev.candlewick.spi.Addresses;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file a series is in: names, addresses, and what is refused. */
final class SymbolsTest {

    private static final LocalDate DAY = LocalDate.of(2024, 3, 5);

    private static Target target(Series series, Optional<InstrumentCatalog> catalog) {
        return Target.of("tardis", series, catalog, exchange -> InstrumentCatalog.of(List.of()));
    }

    private static String path(String series) {
        return target(Series.parse(series), Optional.empty()).file(DAY).path();
    }

    @ParameterizedTest
    @CsvSource({
        "BINANCE:SPOT_PAIR:BTC-USDT, binance, BTCUSDT",
        "BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN, binance-futures, BTCUSDT",
        "BINANCE-FUTURES:PERPETUAL:1000SHIB-USDT, binance-futures, 1000SHIBUSDT",
        "BINANCE-DELIVERY:PERPETUAL:BTC-USD@INV, binance-delivery, BTCUSD_PERP",
        "BINANCE-FUTURES:FUTURE:BTC-USDT@LIN-250627, binance-futures, BTCUSDT_250627",
        "BINANCE-DELIVERY:FUTURE:BTC-USD@INV-250627, binance-delivery, BTCUSD_250627",
        "BINANCE-EUROPEAN-OPTIONS:OPTION:DOGE-USDT@LIN-231006-0.06-CALL, binance-european-options, DOGE-231006-0.06-C",
        "BYBIT:PERPETUAL:BTC-USDT@LIN, bybit, BTCUSDT",
        "BYBIT:PERPETUAL:BTC-USDC@LIN, bybit, BTCPERP",
        "BYBIT:PERPETUAL:BTC-USD@INV, bybit, BTCUSD",
        "BYBIT:FUTURE:BTC-USD@INV-211231, bybit, BTCUSDZ21",
        "BYBIT:FUTURE:BTC-USD@INV-220325, bybit, BTCUSDH22",
        "BYBIT:FUTURE:BTC-USDT@LIN-261225, bybit, BTCUSDT-25DEC26",
        "BYBIT-SPOT:SPOT_PAIR:BTC-USDT, bybit-spot, BTCUSDT",
        "BYBIT-OPTIONS:OPTION:BTC-USDC@LIN-230428-29500-CALL, bybit-options, BTC-28APR23-29500-C",
        "OKX:SPOT_PAIR:BTC-USDT, okex, BTC-USDT",
        "OKEX-SWAP:PERPETUAL:BTC-USD@INV, okex-swap, BTC-USD-SWAP",
        "OKX-FUTURES:FUTURE:BTC-USD@INV-260710, okex-futures, BTC-USD-260710",
        "OKX-FUTURES:FUTURE:BTC-USD@LIN-260710, okex-futures, BTC-USD_UM-260710",
        "OKX-FUTURES:FUTURE:BTC-USDT@LIN-211231, okex-futures, BTC-USDT-211231",
        "OKX-OPTIONS:OPTION:BTC-USD@INV-211224-56000-CALL, okex-options, BTC-USD-211224-56000-C",
        "DERIBIT:PERPETUAL:BTC-USD@INV, deribit, BTC-PERPETUAL",
        "DERIBIT:PERPETUAL:LINK-USDC@LIN, deribit, LINK_USDC-PERPETUAL",
        "DERIBIT:FUTURE:BTC-USD@INV-251107, deribit, BTC-7NOV25",
        "DERIBIT:OPTION:BTC-USD@INV-250425-200000-PUT, deribit, BTC-25APR25-200000-P",
        "DERIBIT:OPTION:MATIC-USDC@LIN-240309-1.02-CALL, deribit, MATIC_USDC-9MAR24-1D02-C",
        "DERIBIT:COMBO:BTC-FS-28MAR25_PERP, deribit, BTC-FS-28MAR25_PERP",
        "BITMEX:PERPETUAL:BTC-USD@INV, bitmex, XBTUSD",
        "CRYPTOFACILITIES:PERPETUAL:BTC-USD@LIN, cryptofacilities, PF_XBTUSD",
        "CRYPTOFACILITIES:FUTURE:BTC-USD@INV-250627, cryptofacilities, FI_XBTUSD_250627",
        "KRAKEN:SPOT_PAIR:BTC-USD, kraken, XBT-USD",
        "UPBIT:SPOT_PAIR:BTC-KRW, upbit, KRW-BTC",
        "BINANCE:RAW:arnbtc, binance, arnbtc",
        "BITFINEX-DERIVATIVES:RAW:BTCF0:USTF0, bitfinex-derivatives, BTCF0-USTF0",
    })
    void aKeyIsInTheFileThatItsVenueNames(String key, String exchange, String symbol) {
        assertThat(path(key + "/book:5"))
                .isEqualTo("/" + exchange + "/book_snapshot_5/2024/03/05/" + symbol + ".csv.gz");
    }

    @Test
    void groupsAndOptionsChainsAreInTheFilesOfTheirGroup() {
        assertThat(path("DERIBIT:GROUP:OPTIONS/trades:grouped")).isEqualTo("/deribit/trades/2024/03/05/OPTIONS.csv.gz");
        assertThat(path("DERIBIT:GROUP:OPTIONS/options_chain"))
                .isEqualTo("/deribit/options_chain/2024/03/05/OPTIONS.csv.gz");
        Target one =
                target(Series.parse("DERIBIT:OPTION:BTC-USD@INV-250425-200000-PUT/options_chain"), Optional.empty());
        assertThat(one.file(DAY).path()).isEqualTo("/deribit/options_chain/2024/03/05/OPTIONS.csv.gz");
        assertThat(one.wanted(DAY)).contains("BTC-25APR25-200000-P");
    }

    @Test
    void strangeSymbolsMakeProperAddressesAndLocalNames() {
        DatasetFile file = new DatasetFile("binance", TardisData.TRADES, "币安人生USDT é?", DAY);
        assertThat(file.path())
                .isEqualTo("/binance/trades/2024/03/05/%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT%20%C3%A9%3F.csv.gz");
        assertThat(file.localName()).isEqualTo("binance_trades_2024-03-05_币安人生USDT é-.csv.gz");
    }

    @Test
    void whatWouldBeAGuessIsRefusedSayingHowToName() {
        assertThatThrownBy(() -> path("OKX-FUTURES:FUTURE:BTC-USD-260710/trades"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("OKX-FUTURES:RAW:SYMBOL");
        assertThatThrownBy(() -> path("SOMEWHERE:SPOT_PAIR:A-B/trades"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("instruments(…)")
                .hasMessageContaining("SOMEWHERE:RAW:SYMBOL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OKX-SWAP:PERPETUAL:BTC-USD@LIN",
                "OKX-FUTURES:FUTURE:BTC-USDT@INV-260710",
                "OKX-FUTURES:FUTURE:BTC-USD@QUANTO-260710",
                "OKX-OPTIONS:OPTION:BTC-USDC@LIN-211224-56000-CALL",
                "BINANCE-FUTURES:PERPETUAL:BTC-USDT@INV",
                "BINANCE-FUTURES:PERPETUAL:BTC-USD@INV",
                "BINANCE-DELIVERY:PERPETUAL:BTC-USD@LIN",
                "BINANCE-DELIVERY:FUTURE:BTC-USDT@LIN-250627",
                "BINANCE-EUROPEAN-OPTIONS:OPTION:DOGE-USDC@LIN-231006-0.06-CALL",
                "BINANCE-EUROPEAN-OPTIONS:OPTION:DOGE-USDT@INV-231006-0.06-CALL",
                "BYBIT:PERPETUAL:BTC-USD@LIN",
                "BYBIT:PERPETUAL:BTC-USDT@INV",
                "BYBIT-OPTIONS:OPTION:BTC-USD@INV-230428-29500-CALL",
                "DERIBIT:PERPETUAL:BTC-USD@LIN",
                "DERIBIT:FUTURE:BTC-USD@LIN-251107",
                "DERIBIT:OPTION:BTC-USD@LIN-250425-200000-PUT",
                "BITMEX:PERPETUAL:BTC-USD@LIN",
                "BITMEX:PERPETUAL:BTC-USD@QUANTO",
                "BITMEX:PERPETUAL:ETH-USD@INV",
                "HYPERLIQUID:PERPETUAL:BTC-USDT@LIN",
                "CRYPTOFACILITIES:PERPETUAL:BTC-USD@QUANTO"
            })
    void aContractOfAnotherMarginOrQuoteIsNotServedFromTheFileOfItsTwin(String key) {
        assertThatThrownBy(() -> path(key + "/trades"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(":RAW:SYMBOL");
    }

    @Test
    void aContractThatTheRulesDoNotNameIsCalledAsTheMetadataSay() {
        InstrumentKey twin = InstrumentKey.parse("OKX-SWAP:PERPETUAL:BTC-USD@LIN");
        Target target = Target.of("tardis", Series.parse(twin + "/trades"), Optional.empty(), exchange -> {
            assertThat(exchange).isEqualTo("okex-swap");
            return InstrumentCatalog.of(List.of(Instrument.of(twin)
                    .datasetId("BTC-USD_UM-SWAP")
                    .rawSymbol("BTC-USD_UM-SWAP")
                    .build()));
        });
        assertThat(target.file(DAY).symbol()).isEqualTo("BTC-USD_UM-SWAP");
    }

    @ParameterizedTest
    @CsvSource({
        "BINANCE:SPOT_PAIR:BTC-USDT/candles:1m, there is no candles:1m; there are trades",
        "BINANCE:SPOT_PAIR:BTC-USDT/book:10, there is no book:10",
        "BINANCE:SPOT_PAIR:BTC-USDT/trades:grouped, only a group such as BINANCE:GROUP:OPTIONS",
        "DERIBIT:GROUP:OPTIONS/trades, read trades:grouped",
        "GLASSNODE:ASSET:BTC/trades, is no type of instrument",
        "BINANCE:INDEX:BTC/trades, is not traded",
    })
    void whatIsNotServedIsRefusedWithTheReason(String series, String reason) {
        assertThat(Target.refusal(Series.parse(series)))
                .hasValueSatisfying(why -> assertThat(why).contains(reason));
    }

    @Test
    void aCatalogueNamesAnInstrumentAsItsFilesDidOnEachDay() {
        InstrumentKey key = InstrumentKey.parse("BINANCE:SPOT_PAIR:LUNA-USDT");
        Instant changed = Instant.parse("2024-03-05T00:00:00Z");
        InstrumentCatalog catalog = InstrumentCatalog.of(List.of(
                Instrument.of(key)
                        .datasetId("LUNAOLDUSDT")
                        .rawSymbol("lunaoldusdt")
                        .window(ListingWindow.of(Instant.parse("2020-01-01T00:00:00Z"), changed))
                        .build(),
                Instrument.of(key)
                        .datasetId("LUNAUSDT")
                        .rawSymbol("lunausdt")
                        .window(ListingWindow.since(changed))
                        .build()));
        Target target = target(Series.parse(key + "/trades"), Optional.of(catalog));
        assertThat(target.file(LocalDate.of(2024, 3, 4)).symbol()).isEqualTo("LUNAOLDUSDT");
        assertThat(target.file(DAY).symbol()).isEqualTo("LUNAUSDT");
        assertThatThrownBy(() -> target(Series.parse("BINANCE:SPOT_PAIR:X-Y/trades"), Optional.of(catalog)))
                .isInstanceOf(Refused.class);
    }

    @Test
    void anAddressOpensItWithTheSettingsOfTheEnvironment() {
        Map<String, String> environment = Map.of(
                "TARDIS_API_KEY",
                "secret",
                "TARDIS_BASE_URL",
                "http://localhost:1/v1",
                "TARDIS_CACHE_DIR",
                "target/none");
        try (var source = Addresses.source("tardis", environment);
                var mirror = Addresses.source("tardis:http://localhost:2/v1", environment)) {
            Series series = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/trades");
            var range = dev.candlewick.TimeRange.day("2024-01-01");
            assertThat(source.name()).isEqualTo("tardis");
            assertThat(source.estimate(series, range).lane())
                    .endsWith("@localhost:1")
                    .doesNotContain("secret");
            assertThat(mirror.estimate(series, range).lane()).endsWith("@localhost:2");
        }
        assertThatThrownBy(() -> TardisSource.builder().apiKey("se cret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("cret");
        assertThatThrownBy(() -> TardisSource.builder().baseUrl("http://user:cret@host"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("cret");
    }
}
