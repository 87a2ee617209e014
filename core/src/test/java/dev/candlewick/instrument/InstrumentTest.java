package dev.candlewick.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstrumentTest {

    private static final Instant FIRST = Instant.parse("2021-01-01T00:00:00Z");
    private static final Instant SECOND = Instant.parse("2022-01-01T00:00:00Z");

    @Test
    void eachTermIsThatOfTheEarliestChangeStillToComeThatHasIt() {
        Instrument instrument = Instrument.of(InstrumentKey.spot("V", "A", "B"))
                .terms(tick("0.1").orElse(fee("0.003")))
                .changes(List.of(new TermsChange(SECOND, tick("0.2")), new TermsChange(FIRST, fee("0.001"))))
                .build();

        Instrument early = instrument.at(FIRST.minusSeconds(1));
        assertThat(early.terms()).isEqualTo(tick("0.2").orElse(fee("0.001")));
        assertThat(early.changes()).isEmpty();
        Instrument between = instrument.at(FIRST);
        assertThat(between.terms()).isEqualTo(tick("0.2").orElse(fee("0.003")));
        assertThat(between.changes()).containsExactly(new TermsChange(FIRST, fee("0.001")));
        assertThat(instrument.at(SECOND)).isEqualTo(instrument);
        assertThat(instrument.at(SECOND).changes()).hasSize(2);
    }

    @Test
    void whatWasDefinedAtATimeIsTheSameSeenFromAnyLaterTime() {
        Instrument instrument = Instrument.of(InstrumentKey.spot("V", "A", "B"))
                .terms(tick("0.1"))
                .changes(List.of(new TermsChange(SECOND, tick("0.2")), new TermsChange(FIRST, tick("0.3"))))
                .build();
        for (Instant time : List.of(FIRST.minusSeconds(1), FIRST, SECOND.minusSeconds(1), SECOND)) {
            for (Instant later : List.of(FIRST, SECOND.minusSeconds(1), SECOND)) {
                if (!later.isBefore(time)) {
                    assertThat(instrument.at(later).at(time)).isEqualTo(instrument.at(time));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "V:SPOT_PAIR:BTC-USDT, BTC/USDT",
        "V:PERPETUAL:BTC-USDT@LIN, BTC/USDT:USDT",
        "V:PERPETUAL:BTC-USD@INV, BTC/USD:BTC",
        "V:FUTURE:BTC-USDT@LIN-250627, BTC/USDT:USDT-250627",
        "V:OPTION:BTC-USD@INV-250425-200000-PUT, BTC/USD:BTC-250425-200000-P",
        "V:OPTION:XRP-USDC@LIN-250425-0.6-CALL, XRP/USDC:USDC-250425-0.6-C"
    })
    void theSymbolOfCcxtFollowsFromTheKeyAndTheSettlement(String key, String symbol) {
        assertThat(Instrument.of(InstrumentKey.parse(key)).build().ccxtSymbol()).contains(symbol);
    }

    @Test
    void aKeyThatDoesNotSayItsMarginDefinesNothing() {
        assertThatThrownBy(() -> Instrument.of(InstrumentKey.parse("V:PERPETUAL:BTC-USDT"))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("V:PERPETUAL:BTC-USDT@LIN");
    }

    @Test
    void aListingTouchesTheDaysThatAnyPartOfItIsOn() {
        Instant noon = Instant.parse("2024-03-01T12:00:00Z");
        ListingWindow window = ListingWindow.of(noon, Instant.parse("2024-03-03T00:00:00Z"));
        assertThat(window.touches(LocalDate.of(2024, 2, 29))).isFalse();
        assertThat(window.touches(LocalDate.of(2024, 3, 1))).isTrue();
        assertThat(window.touches(LocalDate.of(2024, 3, 2))).isTrue();
        assertThat(window.touches(LocalDate.of(2024, 3, 3))).isFalse();
        assertThat(ListingWindow.since(noon).touches(LocalDate.of(2999, 1, 1))).isTrue();
        assertThat(ListingWindow.unknown().touches(LocalDate.of(1970, 1, 1))).isTrue();
        assertThat(ListingWindow.of(noon, noon).touches(LocalDate.of(2024, 3, 1)))
                .isFalse();
        assertThatThrownBy(() -> ListingWindow.of(noon, noon.minusSeconds(1))).hasMessageContaining("cannot end");
    }

    @Test
    void aNumberThatNoVenueWouldListIsRefusedBeforeItFillsTheMemory() {
        assertThatThrownBy(() -> tick("1e999999999")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tick("1e-999999999")).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void changesAreReadBackFromTheirText(@ForAll("changes") List<TermsChange> changes) {
        assertThat(ChangesText.read(ChangesText.write(changes))).isEqualTo(changes);
    }

    @Provide
    Arbitrary<List<TermsChange>> changes() {
        Arbitrary<Optional<BigDecimal>> numbers = Arbitraries.bigDecimals()
                .between(new BigDecimal("-1e20"), new BigDecimal("1e20"))
                .ofScale(12)
                .optional();
        Arbitrary<TradingTerms> terms = Combinators.combine(
                        numbers,
                        numbers,
                        numbers,
                        numbers,
                        numbers,
                        numbers,
                        numbers,
                        Arbitraries.of(TradingState.values()).optional())
                .as(TradingTerms::new);
        Arbitrary<Instant> times =
                Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
        return Combinators.combine(times, terms)
                .as(TermsChange::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    private static TradingTerms tick(String size) {
        return new TradingTerms(
                Optional.of(new BigDecimal(size)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static TradingTerms fee(String taker) {
        return new TradingTerms(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new BigDecimal(taker)),
                Optional.empty());
    }
}
