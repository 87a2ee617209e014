package dev.candlewick.source.tardis;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.InstrumentType;
import dev.candlewick.instrument.Margin;
import dev.candlewick.instrument.OptionSide;
import dev.candlewick.instrument.Venues;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of a metadata record. What the record says decides; where it leaves out a part of the key, the venue's spelling of
 * the symbol may say it; where that does not either, the instrument is known by its symbol only.
 */
final class InstrumentsKeys {

    /** Where six digits in a symbol are year, month and day; elsewhere they may be in another order. */
    private static final Set<String> YEAR_FIRST = Set.of(
            "binance-futures",
            "binance-delivery",
            "binance-european-options",
            "okex-futures",
            "okex-options",
            "cryptofacilities");

    private static final Pattern DIGITS = Pattern.compile("[-_]([0-9]{6})(?![0-9])");
    private static final Pattern NAMED = Pattern.compile("-([0-9]{1,2}[A-Z]{3}[0-9]{2})(?![0-9A-Z])");
    private static final Pattern MONTH_CODE = Pattern.compile(".*[A-Z]([HMUZ][0-9]{2})");
    private static final Pattern ROLLING = Pattern.compile(".*_(CW|NW|CQ|NQ)");
    private static final Set<String> DOLLARS = Set.of("USD", "USDT", "USDC", "USDE", "BUSD", "TUSD", "FDUSD", "USD1");

    private InstrumentsKeys() {}

    /**
     * The key.
     *
     * @throws IllegalArgumentException when the record has no id or exchange, or they cannot be part of a key
     */
    static InstrumentKey key(JsonNode record) {
        String exchange = record.path("exchange").asText("");
        String symbol = datasetId(record);
        String venue = Venues.canonical(exchange);
        String type = record.path("type").asText("");
        if (type.equals("combo")) {
            return InstrumentKey.of(venue, InstrumentType.COMBO, symbol);
        }
        if (type.equals("future") && isRolling(record, symbol)) {
            return InstrumentKey.of(venue, InstrumentType.RAW, symbol);
        }
        try {
            return pair(record, venue, type, symbol)
                    .or(() -> InstrumentsNaming.key(exchange, symbol))
                    .orElseGet(() -> InstrumentKey.of(venue, InstrumentType.RAW, symbol));
        } catch (IllegalArgumentException namesNoPair) {
            return InstrumentKey.of(venue, InstrumentType.RAW, symbol);
        }
    }

    /** What the instrument's files are called: as the record says, else the rule by which Tardis names them. */
    static String datasetId(JsonNode record) {
        String id = record.path("id").asText("");
        if (id.isEmpty() || record.path("exchange").asText("").isEmpty()) {
            throw new IllegalArgumentException("a record of an instrument has an id and an exchange");
        }
        String given = record.path("datasetId").asText("");
        return given.isEmpty() ? id.toUpperCase(Locale.ROOT).replace('/', '-').replace(':', '-') : given;
    }

    /** A number exactly as its text says it, a string too; empty where there is none. */
    static Optional<BigDecimal> number(JsonNode record, String field) {
        JsonNode value = record.path(field);
        if (!value.isNumber() && !value.isTextual()) {
            return Optional.empty();
        }
        String text = value.asText("");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(value.isNumber() ? value.decimalValue() : new BigDecimal(text));
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException(field + " is '" + text + "', not a number", noNumber);
        }
    }

    // The name is handed on to a new contract each period, so the date of none of them is its own.
    private static boolean isRolling(JsonNode record, String symbol) {
        return ROLLING.matcher(symbol).matches()
                || !record.path("aliasFor").asText("").isEmpty();
    }

    private static Optional<InstrumentKey> pair(JsonNode record, String venue, String type, String symbol) {
        String base = record.path("baseCurrency").asText("");
        String quote = record.path("quoteCurrency").asText("");
        if (base.isEmpty() || quote.isEmpty()) {
            return Optional.empty();
        }
        Optional<Margin> margin = margin(record, symbol);
        return switch (type) {
            case "spot" -> Optional.of(InstrumentKey.spot(venue, base, quote));
            case "perpetual" -> margin.map(each -> InstrumentKey.perpetual(venue, base, quote, each));
            case "future" ->
                margin.flatMap(
                        each -> date(record, symbol).map(date -> InstrumentKey.future(venue, base, quote, each, date)));
            case "option" -> margin.flatMap(each -> option(record, venue, base, quote, each, symbol));
            default -> Optional.empty();
        };
    }

    private static Optional<InstrumentKey> option(
            JsonNode record, String venue, String base, String quote, Margin margin, String symbol) {
        Optional<BigDecimal> strike = number(record, "strikePrice");
        Optional<OptionSide> side = side(record);
        if (strike.isEmpty() || side.isEmpty()) {
            return Optional.empty();
        }
        // An inverse option's premium is paid in the coin, and so is its quote; the strike is in dollars.
        String strikeAsset = quote.equals(base) ? "USD" : quote;
        return date(record, symbol)
                .map(date -> InstrumentKey.option(venue, base, strikeAsset, margin, date, strike.get(), side.get()));
    }

    private static Optional<OptionSide> side(JsonNode record) {
        String said =
                record.path("optionType").asText(record.path("contractType").asText(""));
        if (said.startsWith("call")) {
            return Optional.of(OptionSide.CALL);
        }
        return said.startsWith("put") ? Optional.of(OptionSide.PUT) : Optional.empty();
    }

    private static Optional<Margin> margin(JsonNode record, String symbol) {
        String contract = record.path("contractType").asText("");
        if (record.path("quanto").asBoolean() || contract.startsWith("quanto")) {
            return Optional.of(Margin.QUANTO);
        }
        if (record.path("inverse").isBoolean()) {
            return Optional.of(record.path("inverse").asBoolean() ? Margin.INVERSE : Margin.LINEAR);
        }
        if (contract.startsWith("inverse") || contract.startsWith("linear")) {
            return Optional.of(contract.startsWith("inverse") ? Margin.INVERSE : Margin.LINEAR);
        }
        String settled = record.path("settlementCurrency").asText("");
        String quote = record.path("quoteCurrency").asText("");
        if (settled.isEmpty()) {
            return InstrumentsNaming.key(record.path("exchange").asText(""), symbol)
                    .flatMap(InstrumentKey::margin);
        }
        if (settled.equals(quote) || (DOLLARS.contains(settled) && DOLLARS.contains(quote))) {
            return Optional.of(Margin.LINEAR);
        }
        return Optional.of(settled.equals(record.path("baseCurrency").asText("")) ? Margin.INVERSE : Margin.QUANTO);
    }

    /** The date in the symbol, which stays when a contract is settled early; else that of the expiry. */
    private static Optional<LocalDate> date(JsonNode record, String symbol) {
        String exchange = record.path("exchange").asText("");
        Matcher named = NAMED.matcher(symbol);
        if (named.find()) {
            Optional<LocalDate> date = InstrumentsDates.ofMonthName(named.group(1));
            if (date.isPresent()) {
                return date;
            }
        }
        Matcher digits = DIGITS.matcher(symbol);
        if (YEAR_FIRST.contains(exchange) && digits.find()) {
            Optional<LocalDate> date = InstrumentsDates.ofDigits(digits.group(1));
            if (date.isPresent()) {
                return date;
            }
        }
        Matcher code = MONTH_CODE.matcher(symbol);
        if (exchange.equals("bybit") && code.matches()) {
            return InstrumentsDates.ofMonthCode(code.group(1));
        }
        return expiry(record);
    }

    private static Optional<LocalDate> expiry(JsonNode record) {
        String text = record.path("expiry").asText("");
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Instant.parse(text).atZone(ZoneOffset.UTC).toLocalDate());
        } catch (DateTimeException unreadable) {
            throw new IllegalArgumentException("expiry is '" + text + "', not a time", unreadable);
        }
    }
}
