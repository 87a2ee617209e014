package dev.candlewick.instrument;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The code of a pair or derivative taken apart: {@code BASE-QUOTE[@MARGIN][-YYMMDD[-STRIKE-SIDE]]}. It is read from the
 * right, where parts have a fixed form, so that a base may contain dashes.
 */
record KeyCode(
        String base,
        String quote,
        Optional<Margin> margin,
        Optional<LocalDate> date,
        Optional<BigDecimal> strike,
        Optional<OptionSide> side) {

    private static final Pattern DATED = Pattern.compile("(.+)-([0-9]{6}|[0-9]{8})", Pattern.DOTALL);
    private static final String NUMBER = "([0-9]{1,20}(?:\\.[0-9]{1,20})?)";
    private static final Pattern OPTION =
            Pattern.compile("(.+-(?:[0-9]{6}|[0-9]{8}))-" + NUMBER + "-(CALL|C|PUT|P)", Pattern.DOTALL);
    // Documents of the time disagree about the order; the two cannot be mistaken for each other.
    private static final Pattern OPTION_SIDE_FIRST =
            Pattern.compile("(.+-(?:[0-9]{6}|[0-9]{8}))-(CALL|C|PUT|P)-" + NUMBER, Pattern.DOTALL);

    KeyCode {
        requireAsset("base", base, ":/@");
        requireAsset("quote", quote, ":/@-");
        if (date.isPresent() && (date.get().getYear() < 2000 || date.get().getYear() > 2099)) {
            throw new IllegalArgumentException(
                    "The contract date " + date.get() + " is not of this century, the only one that YYMMDD can say");
        }
        strike.ifPresent(KeyCode::requireStrike);
        strike = strike.map(KeyCode::plain);
    }

    /** Reads a code in capital letters. */
    static KeyCode parse(InstrumentType type, String code) {
        return switch (type) {
            case OPTION -> option(code);
            case FUTURE -> {
                Matcher dated = match(DATED, code, "BASE-QUOTE@LIN-YYMMDD");
                yield pair(dated.group(1), true).on(date(dated.group(2)));
            }
            case PERPETUAL -> pair(code, true);
            default -> pair(code, false);
        };
    }

    private static KeyCode option(String code) {
        Matcher sideFirst = OPTION_SIDE_FIRST.matcher(code);
        boolean swapped = sideFirst.matches();
        Matcher option = swapped ? sideFirst : match(OPTION, code, "BASE-QUOTE@LIN-YYMMDD-STRIKE-CALL");
        KeyCode future = parse(InstrumentType.FUTURE, option.group(1));
        return new KeyCode(
                future.base,
                future.quote,
                future.margin,
                future.date,
                Optional.of(new BigDecimal(option.group(swapped ? 3 : 2))),
                Optional.of(OptionSide.parse(option.group(swapped ? 2 : 3))));
    }

    private static KeyCode pair(String code, boolean derivative) {
        int at = code.lastIndexOf('@');
        if (at >= 0 && !derivative) {
            throw new IllegalArgumentException("'" + code + "' has a margin, which only derivatives have");
        }
        Optional<Margin> margin = at < 0 ? Optional.empty() : Optional.of(Margin.parse(code.substring(at + 1)));
        String pair = at < 0 ? code : code.substring(0, at);
        int dash = pair.lastIndexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException(
                    "'" + code + "' is not of the form " + (derivative ? "BASE-QUOTE@LIN" : "BASE-QUOTE"));
        }
        return new KeyCode(
                pair.substring(0, dash),
                pair.substring(dash + 1),
                margin,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private KeyCode on(LocalDate contract) {
        return new KeyCode(base, quote, margin, Optional.of(contract), strike, side);
    }

    KeyCode with(Optional<Margin> other) {
        return new KeyCode(base, quote, other, date, strike, side);
    }

    private static Matcher match(Pattern pattern, String code, String form) {
        Matcher matcher = pattern.matcher(code);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + code + "' is not of the form " + form);
        }
        return matcher;
    }

    private static LocalDate date(String digits) {
        String eight = digits.length() == 6 ? "20" + digits : digits;
        try {
            return LocalDate.of(
                    Integer.parseInt(eight.substring(0, 4)),
                    Integer.parseInt(eight.substring(4, 6)),
                    Integer.parseInt(eight.substring(6)));
        } catch (DateTimeException noDay) {
            throw new IllegalArgumentException("'" + digits + "' is not a date as YYMMDD or YYYYMMDD", noDay);
        }
    }

    private static void requireAsset(String part, String asset, String forbidden) {
        if (asset.isBlank() || !asset.equals(asset.strip())) {
            throw new IllegalArgumentException(
                    "The " + part + " asset is blank or has blanks at its ends: '" + asset + "'");
        }
        for (int i = 0; i < asset.length(); i++) {
            if (forbidden.indexOf(asset.charAt(i)) >= 0) {
                throw new IllegalArgumentException(
                        "The " + part + " asset cannot contain '" + asset.charAt(i) + "': '" + asset + "'");
            }
        }
    }

    private static BigDecimal plain(BigDecimal strike) {
        BigDecimal stripped = strike.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static void requireStrike(BigDecimal strike) {
        BigDecimal least = strike.stripTrailingZeros();
        if (least.signum() < 0 || least.scale() > 20 || least.precision() - (long) least.scale() > 20) {
            throw new IllegalArgumentException(
                    "A strike has at most 20 digits on either side of the point, and no" + " sign; not " + strike);
        }
    }

    @Override
    public String toString() {
        StringBuilder code = new StringBuilder(base).append('-').append(quote);
        margin.ifPresent(each -> code.append('@').append(each.code()));
        date.ifPresent(each -> code.append(String.format(
                Locale.ROOT, "-%02d%02d%02d", each.getYear() % 100, each.getMonthValue(), each.getDayOfMonth())));
        strike.ifPresent(each -> code.append('-').append(each.toPlainString()));
        side.ifPresent(each -> code.append('-').append(each));
        return code.toString();
    }
}
