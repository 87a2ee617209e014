package dev.candlewick.instrument;

import dev.candlewick.Subject;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The canonical name of an instrument, {@code VENUE:TYPE:CODE}:
 *
 * <pre>{@code
 * BINANCE:SPOT_PAIR:BTC-USDT
 * BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN
 * OKX-FUTURES:FUTURE:BTC-USD@INV-260710
 * DERIBIT:OPTION:MATIC-USDC@LIN-240309-1.02-CALL
 * DERIBIT:COMBO:BTC-FS-28MAR25_PERP
 * }</pre>
 *
 * <p>The code of a pair is {@code BASE-QUOTE[@MARGIN][-YYMMDD[-STRIKE-CALL|PUT]]}; that of every other type is the venue's
 * own symbol. {@link #parse} also reads {@code PERP}, dates of eight digits, {@code C} and {@code P}, small letters and the
 * old name OKEX; only the canonical form is printed, and {@code parse(toString())} is the identity.
 *
 * <p>A derivative's key without margin, such as {@code BINANCE-FUTURES:PERPETUAL:BTC-USDT}, is a short form that may name
 * two contracts: it is {@linkplain #isQualified not qualified}, and only an {@link InstrumentCatalog} can say what it
 * means. A key is a name, not proof of one asset: venues reuse symbols, see {@link Instrument#window}.
 *
 * <p>Immutable; equal when the canonical texts are.
 */
public final class InstrumentKey implements Comparable<InstrumentKey> {

    private final Subject subject;
    private final InstrumentType type;
    private final Optional<KeyCode> code;

    private InstrumentKey(String venue, InstrumentType type, KeyCode code) {
        this.subject = new Subject(Venues.canonical(venue), type.name(), Ascii.upper(code.toString()));
        this.type = type;
        this.code = Optional.of(code);
    }

    private InstrumentKey(String venue, InstrumentType type, String symbol) {
        this.subject = new Subject(Venues.canonical(venue), type.name(), Ascii.upper(symbol));
        this.type = type;
        this.code = Optional.empty();
    }

    /**
     * Reads a key in any accepted spelling.
     *
     * @throws IllegalArgumentException when it is none, saying which part is wrong and what is expected
     */
    public static InstrumentKey parse(String text) {
        try {
            return of(Subject.parse(Ascii.upper(text)));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not the key of an instrument: " + wrong.getMessage(), wrong);
        }
    }

    /**
     * The key that a subject is.
     *
     * @throws IllegalArgumentException when the subject is no instrument
     */
    public static InstrumentKey of(Subject subject) {
        InstrumentType type = InstrumentType.parse(subject.kind());
        return of(subject.venue(), type, subject.code());
    }

    /** The key of a venue's instrument by its code: of a pair taken apart, of other types the venue's own symbol. */
    public static InstrumentKey of(String venue, InstrumentType type, String code) {
        return type.isPair()
                ? new InstrumentKey(venue, type, KeyCode.parse(type, Ascii.upper(code)))
                : new InstrumentKey(venue, type, code);
    }

    /** A spot pair. */
    public static InstrumentKey spot(String venue, String base, String quote) {
        return pair(venue, InstrumentType.SPOT_PAIR, base, quote, Optional.empty(), Optional.empty());
    }

    /** A perpetual contract. */
    public static InstrumentKey perpetual(String venue, String base, String quote, Margin margin) {
        return pair(venue, InstrumentType.PERPETUAL, base, quote, Optional.of(margin), Optional.empty());
    }

    /**
     * A dated contract.
     *
     * @param date the date written in the venue's symbol, where it has one; else the UTC date of the expiry
     */
    public static InstrumentKey future(String venue, String base, String quote, Margin margin, LocalDate date) {
        return pair(venue, InstrumentType.FUTURE, base, quote, Optional.of(margin), Optional.of(date));
    }

    /** An option; the date as for a {@link #future}. */
    public static InstrumentKey option(
            String venue,
            String base,
            String quote,
            Margin margin,
            LocalDate date,
            BigDecimal strike,
            OptionSide side) {
        return new InstrumentKey(
                venue,
                InstrumentType.OPTION,
                new KeyCode(
                        Ascii.upper(base),
                        Ascii.upper(quote),
                        Optional.of(margin),
                        Optional.of(date),
                        Optional.of(strike),
                        Optional.of(side)));
    }

    private static InstrumentKey pair(
            String venue,
            InstrumentType type,
            String base,
            String quote,
            Optional<Margin> margin,
            Optional<LocalDate> date) {
        return new InstrumentKey(
                venue,
                type,
                new KeyCode(Ascii.upper(base), Ascii.upper(quote), margin, date, Optional.empty(), Optional.empty()));
    }

    /** The venue, for example {@code OKX-SWAP}. */
    public String venue() {
        return subject.venue();
    }

    /** What sort of instrument it is. */
    public InstrumentType type() {
        return type;
    }

    /** Everything behind the type: {@code BTC-USDT@LIN}. */
    public String code() {
        return subject.code();
    }

    /** The asset that is bought and sold; of pairs only. */
    public Optional<String> base() {
        return code.map(KeyCode::base);
    }

    /** The asset that the price is in; of pairs only. */
    public Optional<String> quote() {
        return code.map(KeyCode::quote);
    }

    /** What the contract is settled in; of qualified derivatives only. */
    public Optional<Margin> margin() {
        return code.flatMap(KeyCode::margin);
    }

    /** The contract date; of futures and options only. The instant of expiry is an attribute of the {@link Instrument}. */
    public Optional<LocalDate> date() {
        return code.flatMap(KeyCode::date);
    }

    /** The strike without trailing zeros; of options only. */
    public Optional<BigDecimal> strike() {
        return code.flatMap(KeyCode::strike);
    }

    /** Call or put; of options only. */
    public Optional<OptionSide> optionSide() {
        return code.flatMap(KeyCode::side);
    }

    /** Whether it names one contract by itself: every key but that of a derivative without margin. */
    public boolean isQualified() {
        return !type.isDerivative() || margin().isPresent();
    }

    /**
     * The key without its margin, {@code BINANCE-FUTURES:PERPETUAL:BTC-USDT}: the form of older tables and paths. Of anything
     * but a derivative, the key itself. Never an identity: a twin listed later would make it ambiguous.
     */
    public InstrumentKey seedForm() {
        return margin().isEmpty()
                ? this
                : new InstrumentKey(venue(), type, code.orElseThrow().with(Optional.empty()));
    }

    /** The same contract with this margin. */
    public InstrumentKey qualified(Margin margin) {
        if (!type.isDerivative()) {
            throw new IllegalArgumentException(this + " is not a derivative and has no margin");
        }
        return new InstrumentKey(venue(), type, code.orElseThrow().with(Optional.of(margin)));
    }

    /** The subject that data of this instrument is about. */
    public Subject subject() {
        return subject;
    }

    /**
     * The key as the name of a file or folder, safe on every system: {@code BINANCE%3ASPOT_PAIR%3ABTC-USDT}.
     *
     * @throws IllegalArgumentException when it is longer than file systems take
     */
    public String fileName() {
        return FileNames.encode(toString());
    }

    /**
     * Reads what {@link #fileName} gives, without any suffix.
     *
     * @throws IllegalArgumentException for every other name
     */
    public static InstrumentKey parseFileName(String name) {
        InstrumentKey key = parse(FileNames.decode(name));
        if (!key.fileName().equals(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' names " + key + ", whose file name is " + key.fileName());
        }
        return key;
    }

    /** Orders by the canonical text, in code units, the same in every locale. */
    @Override
    public int compareTo(InstrumentKey other) {
        return subject.compareTo(other.subject);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InstrumentKey key && subject.equals(key.subject);
    }

    @Override
    public int hashCode() {
        return subject.hashCode();
    }

    @Override
    public String toString() {
        return subject.toString();
    }
}
