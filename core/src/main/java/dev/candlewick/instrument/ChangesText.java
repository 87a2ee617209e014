package dev.candlewick.instrument;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Changes of terms as one line of text, and back:
 * {@code 2022-02-15T03:30:00Z tick_size=0.01 min_size=1; 2024-10-22T00:00:00Z state=INACTIVE}.
 */
final class ChangesText {

    private ChangesText() {}

    static String write(List<TermsChange> changes) {
        return changes.stream().map(ChangesText::write).collect(Collectors.joining("; "));
    }

    static List<TermsChange> read(String text) {
        List<TermsChange> changes = new ArrayList<>();
        for (String change : text.split("; ", -1)) {
            changes.add(readOne(change));
        }
        return changes;
    }

    private static String write(TermsChange change) {
        StringBuilder text = new StringBuilder(change.until().toString());
        TradingTerms terms = change.before();
        number(text, "tick_size", terms.tickSize());
        number(text, "amount_step", terms.amountStep());
        number(text, "min_size", terms.minSize());
        number(text, "min_notional", terms.minNotional());
        number(text, "contract_size", terms.contractSize());
        number(text, "maker_fee", terms.makerFee());
        number(text, "taker_fee", terms.takerFee());
        terms.state().ifPresent(state -> text.append(" state=").append(state));
        return text.toString();
    }

    private static void number(StringBuilder text, String name, Optional<BigDecimal> value) {
        value.ifPresent(number -> text.append(' ').append(name).append('=').append(number.toPlainString()));
    }

    private static TermsChange readOne(String text) {
        String[] parts = text.split(" ", -1);
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equal = parts[i].indexOf('=');
            if (equal < 0) {
                throw new IllegalArgumentException("'" + text + "' is no change of terms");
            }
            values.put(parts[i].substring(0, equal), parts[i].substring(equal + 1));
        }
        try {
            return new TermsChange(
                    Instant.parse(parts[0]),
                    new TradingTerms(
                            number(values, "tick_size"),
                            number(values, "amount_step"),
                            number(values, "min_size"),
                            number(values, "min_notional"),
                            number(values, "contract_size"),
                            number(values, "maker_fee"),
                            number(values, "taker_fee"),
                            Optional.ofNullable(values.get("state")).map(TradingState::valueOf)));
        } catch (DateTimeException | IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no change of terms: " + unreadable.getMessage(), unreadable);
        }
    }

    private static Optional<BigDecimal> number(Map<String, String> values, String name) {
        return Optional.ofNullable(values.get(name)).map(BigDecimal::new);
    }
}
