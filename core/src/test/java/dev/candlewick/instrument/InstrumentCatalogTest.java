package dev.candlewick.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Refused;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstrumentCatalogTest {

    private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant SWITCH = Instant.parse("2022-05-31T06:00:00Z");
    private static final Instant END = Instant.parse("2023-01-01T00:00:00Z");

    private static final Instrument LINEAR = of("OKX-FUTURES:FUTURE:BTC-USD@LIN-260710", "BTC-USD_UM-260710");
    private static final Instrument INVERSE =
            of("OKX-FUTURES:FUTURE:BTC-USD@INV-260710", "BTC-USD-260710", ListingWindow.of(START, END));
    private static final Instrument ALONE = of("OKX-FUTURES:FUTURE:ETH-USD@INV-260710", "ETH-USD-260710");
    private static final Instrument OLD_LUNA =
            of("BINANCE:SPOT_PAIR:LUNA-USDT", "LUNAUSDT", ListingWindow.of(START, SWITCH));
    private static final Instrument NEW_LUNA =
            of("BINANCE:SPOT_PAIR:LUNA-USDT", "LUNAUSDT", ListingWindow.since(SWITCH));
    private static final InstrumentCatalog CATALOG =
            InstrumentCatalog.of(List.of(LINEAR, INVERSE, ALONE, OLD_LUNA, NEW_LUNA));

    @Test
    void aShortFormThatOneContractHasResolvesToIt() {
        assertThat(CATALOG.resolve("okex-futures:future:eth-usd-20260710")).isEqualTo(ALONE);
        assertThat(CATALOG.uniqueAlias(ALONE.key())).contains(ALONE.key().seedForm());
    }

    @Test
    void aShortFormThatADelistedTwinHasTooIsRefusedWithBothNames() {
        assertThatThrownBy(() -> CATALOG.resolve("OKX-FUTURES:FUTURE:BTC-USD-260710"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(LINEAR.key().toString())
                .hasMessageContaining(INVERSE.key().toString());
        assertThatThrownBy(() -> CATALOG.resolve(INVERSE.key().seedForm(), END)).isInstanceOf(Refused.class);
        assertThat(CATALOG.uniqueAlias(LINEAR.key())).isEmpty();
        assertThat(CATALOG.resolve(INVERSE.key())).isEqualTo(INVERSE);
    }

    @Test
    void anUnknownNameIsRefusedWithSimilarOnes() {
        assertThatThrownBy(() -> CATALOG.resolve("OKX-FUTURES:FUTURE:BTC-USD@INV-260717"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("no instrument OKX-FUTURES:FUTURE:BTC-USD@INV-260717")
                .hasMessageContaining(INVERSE.key().toString());
        assertThatThrownBy(() -> CATALOG.resolve("KRAKEN:SPOT_PAIR:BTC-USD"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("BINANCE");
    }

    @Test
    void aNameThatWasGivenAwayAgainNeedsATime() {
        assertThatThrownBy(() -> CATALOG.resolve("BINANCE:SPOT_PAIR:LUNA-USDT"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("2 instruments")
                .hasMessageContaining(SWITCH.toString());
        assertThat(CATALOG.resolve(OLD_LUNA.key(), SWITCH.minusMillis(1))).isEqualTo(OLD_LUNA);
        assertThat(CATALOG.resolve(OLD_LUNA.key(), SWITCH)).isEqualTo(NEW_LUNA);
        assertThatThrownBy(() -> CATALOG.resolve(OLD_LUNA.key(), START.minusSeconds(1)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("no instrument at");
        assertThat(CATALOG.definitions(OLD_LUNA.key())).containsExactly(OLD_LUNA, NEW_LUNA);
    }

    @Test
    void aDatasetNamesAnInstrumentAtATime() {
        assertThat(CATALOG.ofDataset("binance", "LUNAUSDT", SWITCH)).contains(NEW_LUNA);
        assertThat(CATALOG.ofDataset("binance", "LUNAUSDT", SWITCH.minusMillis(1)))
                .contains(OLD_LUNA);
        assertThat(CATALOG.ofDataset("binance", "LUNAUSDT", START.minusMillis(1)))
                .isEmpty();
        assertThat(CATALOG.ofDataset("okex-futures", "BTC-USD_UM-260710", END)).contains(LINEAR);
        assertThat(CATALOG.ofDataset("okex-futures", "NOSUCH", END)).isEmpty();
        Instrument small = Instrument.of(InstrumentKey.spot("BINANCE", "ARN", "BTC"))
                .rawSymbol("arnbtc")
                .datasetId("ARNBTC")
                .build();
        assertThat(InstrumentCatalog.of(List.of(small)).ofDataset("binance", "arnbtc", END))
                .contains(small);
    }

    @Test
    void theInstrumentsOfADayAreThoseListedOnIt() {
        assertThat(CATALOG.aliveOn(LocalDate.of(2022, 5, 31))).contains(OLD_LUNA, NEW_LUNA, INVERSE);
        assertThat(CATALOG.aliveOn(LocalDate.of(2022, 6, 1))).contains(NEW_LUNA).doesNotContain(OLD_LUNA);
        assertThat(CATALOG.aliveOn(LocalDate.of(2023, 1, 1))).doesNotContain(INVERSE);
        assertThat(CATALOG.ofVenue("okex-futures")).containsExactly(INVERSE, LINEAR, ALONE);
        assertThat(CATALOG.ofType(InstrumentType.SPOT_PAIR)).containsExactly(OLD_LUNA, NEW_LUNA);
        assertThat(CATALOG.venues()).containsExactly("BINANCE", "OKX-FUTURES");
    }

    @Test
    void twoSourcesWordsOnOneInstrumentBecomeOne() {
        Instrument recorded = of("BINANCE:SPOT_PAIR:BCC-USDT", "BCCUSDT", ListingWindow.of(START, SWITCH)).toBuilder()
                .provider("tardis")
                .build();
        Instrument named = of("BINANCE:SPOT_PAIR:BCC-USDT", "BCCUSDT", ListingWindow.unknown()).toBuilder()
                .provider("binance")
                .terms(TradingTerms.unknown().in(TradingState.INACTIVE))
                .assetClass("COIN")
                .build();
        Instrument again = of("BINANCE:SPOT_PAIR:BCC-USDT", "BCCUSDT", ListingWindow.since(END));

        InstrumentCatalog both =
                InstrumentCatalog.of(List.of(recorded, again)).plus(InstrumentCatalog.of(List.of(LINEAR)));
        assertThat(both.definitions(recorded.key())).containsExactly(recorded, again);
        assertThat(both.definitions(LINEAR.key())).containsExactly(LINEAR);

        InstrumentCatalog merged = InstrumentCatalog.of(List.of(recorded)).plus(InstrumentCatalog.of(List.of(named)));
        assertThat(merged.instruments()).singleElement().satisfies(each -> {
            assertThat(each.window()).isEqualTo(recorded.window());
            assertThat(each.provider()).contains("tardis");
            assertThat(each.assetClass()).contains("COIN");
            assertThat(each.terms().state()).contains(TradingState.INACTIVE);
        });
    }

    @Test
    void aRenameIsALinkBetweenTwoKeys() {
        InstrumentKey matic = InstrumentKey.spot("BINANCE", "MATIC", "USDT");
        InstrumentKey pol = InstrumentKey.spot("BINANCE", "POL", "USDT");
        InstrumentCatalog catalog = InstrumentCatalog.of(
                        List.of(of(matic.toString(), "MATICUSDT"), of(pol.toString(), "POLUSDT")))
                .renamed(matic, pol);
        assertThat(catalog.lineage(matic)).containsExactly(matic, pol);
        assertThat(catalog.lineage(pol)).containsExactly(pol);
        assertThat(catalog.renamed(pol, matic).lineage(matic)).containsExactly(matic, pol);
        assertThatThrownBy(() -> catalog.renamed(InstrumentKey.spot("BINANCE", "NO", "USDT"), pol))
                .isInstanceOf(Refused.class);
    }

    private static Instrument of(String key, String datasetId) {
        return of(key, datasetId, ListingWindow.since(START));
    }

    private static Instrument of(String key, String datasetId, ListingWindow window) {
        return Instrument.of(InstrumentKey.parse(key))
                .datasetId(datasetId)
                .window(window)
                .build();
    }
}
