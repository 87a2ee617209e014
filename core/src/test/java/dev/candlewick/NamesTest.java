package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Subjects, datasets and series as text. */
class NamesTest {

    @Property
    void aSeriesIsWhatItsTextSays(@ForAll("series") Series series) {
        assertThat(Series.parse(series.toString())).isEqualTo(series);
        assertThat(Subject.parse(series.subject().toString())).isEqualTo(series.subject());
        assertThat(Dataset.parse(series.dataset().toString())).isEqualTo(series.dataset());
        Series filled = series.with(series.dataset().filled());
        assertThat(Series.parse(filled.toString())).isEqualTo(filled);
    }

    @Property
    void anyTextIsASeriesOrRefusedAsAnArgument(@ForAll String text) {
        try {
            assertThat(Series.parse(text).toString()).isEqualTo(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("'");
        }
    }

    @Example
    void realSymbolsAreTaken() {
        for (String code :
                List.of("BTC-USDT", "1000PEPE-USDT", "BTC-USDT:USDT", "币安人生-USDT", "😀-USDT", "BTC-USDT@LIN")) {
            Series series = Series.candles("BINANCE:SPOT_PAIR:" + code, "1m");
            assertThat(series.subject().code()).isEqualTo(code);
            assertThat(Series.parse(series.toString())).isEqualTo(series);
        }
    }

    @Example
    void aZoneWrittenInTwoWaysIsOneSeries() {
        Series series = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/candles:1d@+02:00");
        assertThat(Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/candles:1d@UTC+02:00"))
                .isEqualTo(series)
                .hasToString(series.toString());
    }

    @Example
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> Series.parse(nothing())).hasMessage("text");
        assertThatThrownBy(() -> Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", nothing()))
                .hasMessage("interval");
    }

    // What callers without null checks pass.
    @SuppressWarnings("NullAway")
    private static String nothing() {
        return null;
    }

    @Example
    void whatIsKnownReadsWell() {
        assertThat(Provenance.none()).hasToString("nothing known");
        assertThat(new Provenance("s", List.of(), List.of(), List.of()))
                .hasToString("s: 0 answers, 0 gaps, 0 quarantined rows");
        assertThat(Estimate.unknown()).hasToString("unknown");
        assertThat(new Estimate(java.util.Map.of("rest", 2L), 4, 1_000, java.util.OptionalLong.empty(), "spot"))
                .hasToString("2 rest requests, weight 4, 1,000 rows, of spot");
    }

    @Example
    void hostileSubjectsAreRefusedNamingThePart() {
        for (String hostile : List.of(
                "",
                "BINANCE",
                "BINANCE:SPOT_PAIR",
                "BINANCE:SPOT_PAIR:",
                ":SPOT_PAIR:BTC",
                "BINANCE::BTC",
                " BINANCE:SPOT_PAIR:BTC",
                "BINANCE:SPOT_PAIR:BTC ",
                "BINANCE:SPOT_PAIR:BTC\u2003",
                "BINANCE:SPOT_PAIR:BTC\u2028USDT",
                "BINANCE:SPOT_PAIR:BTC\u2029USDT",
                "BINANCE:SPOT_PAIR:BTC\u202eUSDT",
                "BINANCE:SPOT_PAIR:BTC\u2066USDT",
                "BINANCE:SPOT_PAIR:../BTC",
                "BINANCE:SPOT_PAIR:BTC\nUSDT",
                "BINANCE:SPOT_PAIR:BTC\u0000",
                "BINANCE:SPOT_PAIR:BTC\u0085USDT")) {
            assertThatIllegalArgumentException().as(hostile).isThrownBy(() -> Subject.parse(hostile));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Subject("BINANCE", "SPOT:PAIR", "BTC"))
                .withMessageContaining("kind");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subject.parse("BINANCE:SPOT_PAIR:BTC\rUSDT"))
                .withMessageContaining("\\u000d");
    }

    // UTF-8 knows no half of a pair: two such subjects would meet in one directory.
    @Example
    void halfASurrogatePairIsRefused() {
        for (String half : List.of("\ud83d", "\ude00", "\ude00\ud83d", "BTC\ud83dUSDT")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Subject("BINANCE", "SPOT_PAIR", half));
        }
    }

    @Example
    void hostileDatasetsAreRefused() {
        for (String hostile : List.of(
                "",
                ":filled",
                "candles",
                "candles:",
                "candles:1x",
                "candles:1m@",
                "candles:1d@",
                "candles:1d@Europe/Nowhere",
                "candles:1m@Europe/Zurich",
                "candles:1d@Europe/Zurich/..",
                "trades:filled")) {
            assertThatIllegalArgumentException().as(hostile).isThrownBy(() -> Dataset.parse(hostile));
        }
    }

    @Example
    void everyNameOfUtcIsTheSameDataset() {
        for (String utc : List.of("Z", "UTC", "Etc/UTC", "GMT", "+00:00")) {
            assertThat(Dataset.parse("candles:1d@" + utc)).isEqualTo(Dataset.candles("1d"));
        }
        assertThat(Dataset.parse("candles:1d@Europe/London")).isNotEqualTo(Dataset.candles("1d"));
    }

    @Example
    void filledIsSaidOnce() {
        Dataset filled = Dataset.candles("1m").filled();
        assertThat(filled.filled()).isEqualTo(filled);
        assertThat(filled.isFilled()).isTrue();
        assertThat(filled.schema().names()).endsWith("filled");
        assertThat(Dataset.candles("1m").isFilled()).isFalse();
    }

    @Property
    void seriesSortByTheirText(@ForAll("series") Series one, @ForAll("series") Series other) {
        assertThat(Integer.signum(one.compareTo(other)))
                .isEqualTo(Integer.signum(one.toString().compareTo(other.toString())));
    }

    @Provide
    Arbitrary<Series> series() {
        Arbitrary<String> word = Arbitraries.strings()
                .withCharRange('A', 'Z')
                .withChars('_', '-')
                .ofMinLength(1)
                .ofMaxLength(8);
        Arbitrary<String> code = Arbitraries.strings()
                .withCharRange('0', 'z')
                .withChars(" .%:@币安人生ßİıé\u200e\u200d")
                .ofMinLength(1)
                .ofMaxLength(12)
                .map(String::strip)
                .filter(text -> !text.isBlank());
        Arbitrary<Dataset> datasets = Combinators.combine(
                        Arbitraries.of(Interval.BINANCE), Arbitraries.of(ZoneId.getAvailableZoneIds()))
                .as((interval, zone) ->
                        interval.isCalendar() ? Dataset.candles(interval, ZoneId.of(zone)) : Dataset.candles(interval));
        return Combinators.combine(word, word, code, datasets)
                .as((venue, kind, text, dataset) -> new Series(new Subject(venue, kind, text), dataset));
    }
}
