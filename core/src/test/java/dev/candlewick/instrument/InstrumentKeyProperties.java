package dev.candlewick.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class InstrumentKeyProperties {

    private static final String FORBIDDEN = ":/@-\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

    @Property
    void aKeyOfAnySymbolsIsReadBackFromItsTextInAnyLetters(@ForAll("keys") InstrumentKey key) {
        assertThat(InstrumentKey.parse(key.toString())).isEqualTo(key);
        assertThat(InstrumentKey.of(key.subject())).isEqualTo(key);
        assertThat(InstrumentKey.parse(Ascii.lower(key.toString()))).isEqualTo(key);
        assertThat(InstrumentKey.parse(key.seedForm().toString())).isEqualTo(key.seedForm());
    }

    @Property
    void theTextOfAKeyHoldsEveryPartOfIt(@ForAll("keys") InstrumentKey key) {
        InstrumentKey read = InstrumentKey.parse(key.toString());
        assertThat(read.base()).isEqualTo(key.base());
        assertThat(read.quote()).isEqualTo(key.quote());
        assertThat(read.margin()).isEqualTo(key.margin());
        assertThat(read.date()).isEqualTo(key.date());
        assertThat(read.strike()).isEqualTo(key.strike());
        assertThat(read.optionSide()).isEqualTo(key.optionSide());
    }

    @Property
    void aFileNameIsReadBackAndIsPlainOnEverySystem(@ForAll("keys") InstrumentKey key) {
        String name = key.fileName();
        assertThat(InstrumentKey.parseFileName(name)).isEqualTo(key);
        assertThat(name).matches("[A-Z0-9_.%-]+").isEqualTo(name.toUpperCase(Locale.ROOT));
    }

    @Property
    void whateverIsAKeyPrintsOnlyWhatIsReadAsTheSameKey(@ForAll("texts") String text) {
        InstrumentKey key;
        try {
            key = InstrumentKey.parse(text);
        } catch (IllegalArgumentException noKey) {
            return;
        }
        assertThat(InstrumentKey.parse(key.toString())).isEqualTo(key).hasToString(key.toString());
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars(":-@_.0123456789ABcp/ß币")
                .ofMaxLength(24)
                .flatMap(code -> Arbitraries.of(InstrumentType.values()).map(type -> "V:" + type + ":" + code));
    }

    @Provide
    Arbitrary<InstrumentKey> keys() {
        Arbitrary<String> quotes =
                Arbitraries.strings().all().ofMinLength(1).ofMaxLength(6).filter(InstrumentKeyProperties::isAsset);
        // Bases may hold dashes; the quote, the last part, may not.
        Arbitrary<String> bases = Combinators.combine(quotes, Arbitraries.of("", "-", "-X", "-250627"))
                .as((asset, tail) -> asset + tail);
        Arbitrary<LocalDate> dates = Arbitraries.integers()
                .between(0, 36_524)
                .map(day -> LocalDate.of(2000, 1, 1).plusDays(day));
        Arbitrary<BigDecimal> strikes = Arbitraries.bigDecimals()
                .between(BigDecimal.ZERO, new BigDecimal("99999999999"))
                .ofScale(12);
        Arbitrary<String> venues = Arbitraries.of("BINANCE", "OKX-SWAP", "V");
        return Combinators.combine(
                        venues,
                        bases,
                        quotes,
                        Arbitraries.of(Margin.values()),
                        dates,
                        strikes,
                        Arbitraries.of(OptionSide.values()),
                        Arbitraries.integers().between(0, 4))
                .as((venue, base, quote, margin, date, strike, side, sort) -> switch (sort) {
                    case 0 -> InstrumentKey.spot(venue, base, quote);
                    case 1 -> InstrumentKey.perpetual(venue, base, quote, margin);
                    case 2 -> InstrumentKey.future(venue, base, quote, margin, date);
                    case 3 -> InstrumentKey.option(venue, base, quote, margin, date, strike, side);
                    default -> InstrumentKey.of(venue, InstrumentType.COMBO, base + "_" + quote);
                });
    }

    private static boolean isAsset(String text) {
        return text.equals(text.strip())
                && !text.isBlank()
                && text.chars().noneMatch(c -> Character.isISOControl(c) || FORBIDDEN.indexOf(c) >= 0)
                && text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
