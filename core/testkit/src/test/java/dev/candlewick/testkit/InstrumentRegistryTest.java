package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Backfiller;
import dev.candlewick.Batch;
import dev.candlewick.Coverage;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.InstrumentRegistry;
import dev.candlewick.instrument.ListingWindow;
import dev.candlewick.instrument.TermsChange;
import dev.candlewick.instrument.TradingState;
import dev.candlewick.instrument.TradingTerms;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstrumentRegistryTest {

    private static final Instant TAKEN = Instant.parse("2024-03-05T09:00:00Z");
    private static final Instant CHANGE = Instant.parse("2024-03-02T10:00:00Z");
    private static final Series DERIBIT = InstrumentRegistry.series("deribit");

    /** Every attribute that a definition may have. */
    private static final Instrument OPTION = Instrument.of(
                    InstrumentKey.parse("DERIBIT:OPTION:MATIC-USDC@LIN-240309-1.02-CALL"))
            .datasetId("MATIC_USDC-9MAR24-1D02-C")
            .rawSymbol("MATIC_USDC-9MAR24-1d02-C")
            .base("MATIC")
            .quote("USDC")
            .settle("USDC")
            .window(ListingWindow.of(Instant.parse("2024-03-01T08:00:00Z"), Instant.parse("2024-03-04T00:00:00Z")))
            .terms(terms("0.0001", TradingState.ACTIVE))
            .changes(List.of(new TermsChange(CHANGE, terms("0.00001", TradingState.INACTIVE))))
            .dataTypes(List.of("trades", "quotes"))
            .listing(Instant.parse("2024-03-01T08:00:01.123Z"))
            .expiry(Instant.parse("2024-03-09T08:00:00Z"))
            .underlying("matic_usdc")
            .aliasFor("X")
            .renamedTo(InstrumentKey.parse("DERIBIT:OPTION:POL-USDC@LIN-240309-1.02-CALL"))
            .provider("tardis")
            .venueType("CEX")
            .assetClass("native")
            .build();

    private static final Instrument COMBO = Instrument.of(InstrumentKey.parse("DERIBIT:COMBO:BTC-FS-28MAR25_PERP"))
            .base("BTC")
            .quote("USD")
            .window(ListingWindow.since(Instant.parse("2024-03-02T00:00:00Z")))
            .build();

    private static final Instrument SPOT = Instrument.of(InstrumentKey.spot("BINANCE", "币安人生", "USDT"))
            .rawSymbol("币安人生usdt")
            .datasetId("币安人生USDT")
            .window(ListingWindow.since(Instant.parse("2020-01-01T00:00:00Z")))
            .build();

    private static final InstrumentCatalog CATALOG = InstrumentCatalog.of(List.of(OPTION, COMBO, SPOT));

    @Test
    void definitionsAreReadBackAsTheyWereAtTheEndOfTheirDay() {
        InstrumentRegistry registry = filled();

        assertThat(registry.on(LocalDate.of(2024, 3, 1), "DERIBIT").instruments())
                .containsExactly(OPTION.at(CHANGE.minusSeconds(1)));
        assertThat(registry.on(LocalDate.of(2024, 3, 2), "DERIBIT").instruments())
                .containsExactly(COMBO, OPTION);
        assertThat(registry.on(LocalDate.of(2024, 3, 4), "DERIBIT").instruments())
                .containsExactly(COMBO);
        assertThat(registry.venues()).containsExactly("BINANCE", "DERIBIT");
    }

    @Test
    void asOfADayEveryVenueIsKnownByItsLatestDefinitions() {
        InstrumentRegistry registry = filled();

        assertThat(registry.asOf(LocalDate.of(2024, 3, 3)).instruments()).containsExactly(SPOT, COMBO, OPTION);
        assertThat(registry.asOf(LocalDate.of(2030, 1, 1)).instruments()).containsExactly(SPOT, COMBO);
        assertThat(registry.asOf(LocalDate.of(2024, 2, 29)).instruments()).containsExactly(SPOT);
        assertThat(registry.asOf(LocalDate.of(2024, 2, 27)).instruments()).isEmpty();
    }

    @Test
    void missingDaysAreGapsLikeAnyOther() {
        Store store = MemoryStore.create();
        Source definitions = InstrumentRegistry.source("tardis", CATALOG, TAKEN);
        TimeRange range = TimeRange.of("2024-02-28", "2024-03-07");
        assertThat(store.coverage(DERIBIT, range).gaps())
                .extracting(Gap::reason)
                .containsOnly(GapReason.NOT_FETCHED);

        Backfiller.from(definitions).to(store).build().fill(DERIBIT, range);

        Coverage coverage = store.coverage(DERIBIT, range);
        assertThat(coverage.knownEmpty().asList())
                .containsExactly(TimeRange.of("2024-02-28", "2024-03-01"), TimeRange.of("2024-03-05", "2024-03-07"));
        assertThat(coverage.proven())
                .extracting(Gap::reason)
                .containsOnly(GapReason.CONFIRMED_EMPTY, GapReason.NOT_YET_PUBLISHED);
        assertThat(coverage.present().asList()).containsExactly(TimeRange.of("2024-03-01", "2024-03-05"));
        assertThat(store.verify().isSound()).isTrue();
    }

    @Test
    void aDayIsWrittenAgainWithoutAnyTraceOfTheFirstTime() {
        MemoryStore store = MemoryStore.create();
        InstrumentRegistry registry = InstrumentRegistry.over(store);
        LocalDate day = LocalDate.of(2024, 3, 2);
        registry.write(CATALOG, day);
        registry.write(InstrumentCatalog.of(List.of(COMBO)), day);
        assertThat(registry.on(day, "DERIBIT").instruments()).containsExactly(COMBO);
        assertThat(registry.on(day, "BINANCE").instruments()).containsExactly(SPOT);
    }

    @Test
    void aDayWithoutDefinitionsIsRefusedAndNotEmpty() {
        assertThatThrownBy(() -> filled().on(LocalDate.of(2024, 3, 5), "DERIBIT"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("DERIBIT on 2024-03-05")
                .hasMessageContaining("2024-03-04");
        assertThat(filled().on(LocalDate.of(2024, 2, 29), "DERIBIT").instruments())
                .isEmpty();
    }

    @Test
    void aFileOfADayHasTheInstrumentsOfAllVenues() {
        Batch rows = InstrumentRegistry.rows(CATALOG, LocalDate.of(2024, 3, 2));

        assertThat(rows.rows()).isEqualTo(3);
        assertThat(rows.texts("instrument_key").value(0)).isEqualTo("BINANCE:SPOT_PAIR:币安人生-USDT");
        assertThat(rows.texts("unique_alias").value(2)).isEqualTo("DERIBIT:OPTION:MATIC-USDC-240309-1.02-CALL");
        assertThat(rows.texts("data_types").value(2)).isEqualTo("trades,quotes");
        assertThat(rows.texts("ccxt_symbol").value(2)).isEqualTo("MATIC/USDC:USDC-240309-1.02-C");
        assertThat(rows.decimals("strike").get(2)).isEqualByComparingTo("1.02");
        assertThat(rows.booleans("inverse").value(2)).isFalse();
        assertThat(rows.column("inverse").isNull(0)).isTrue();
        assertThat(rows.times("available_to").get(0)).isEqualTo(Instant.parse("2099-12-31T00:00:00Z"));
        assertThat(rows.times("available_to").get(2)).isEqualTo(Instant.parse("2024-03-04T00:00:00Z"));
    }

    @Test
    void aNumberTooFineForTheColumnsIsRefusedByName() {
        Instrument fine = SPOT.toBuilder()
                .terms(terms("0.0000000000000000000000001", TradingState.ACTIVE))
                .build();
        assertThatThrownBy(() -> InstrumentRegistry.rows(InstrumentCatalog.of(List.of(fine)), LocalDate.of(2024, 3, 2)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("币安人生")
                .hasMessageContaining("tick_size");
    }

    @Test
    void onlySeriesOfDefinitionsAreServed() {
        Source definitions = InstrumentRegistry.source("tardis", CATALOG, TAKEN);
        assertThat(definitions.serves(DERIBIT)).isTrue();
        assertThat(definitions.serves(InstrumentRegistry.series("KRAKEN"))).isFalse();
        Series trades = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/trades");
        assertThatThrownBy(() -> definitions.read(trades, TimeRange.day("2024-03-01")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("DERIBIT:REGISTRY:INSTRUMENTS/instruments");
    }

    private static InstrumentRegistry filled() {
        Store store = MemoryStore.create();
        Source definitions = InstrumentRegistry.source("tardis", CATALOG, TAKEN);
        for (String venue : CATALOG.venues()) {
            Backfiller.from(definitions)
                    .to(store)
                    .build()
                    .fill(InstrumentRegistry.series(venue), TimeRange.of("2024-02-28", "2024-03-07"));
        }
        return InstrumentRegistry.over(store);
    }

    private static TradingTerms terms(String tick, TradingState state) {
        return new TradingTerms(
                Optional.of(new BigDecimal(tick)),
                Optional.of(BigDecimal.ONE),
                Optional.of(BigDecimal.TEN),
                Optional.of(new BigDecimal("5")),
                Optional.of(new BigDecimal("1000")),
                Optional.of(new BigDecimal("-0.0001")),
                Optional.of(new BigDecimal("0.0005")),
                Optional.of(state));
    }
}
