package dev.candlewick.source.tardis;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Contract dates as venues write them into symbols. */
final class InstrumentsDates {

    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    /** The letters of futures exchanges for January to December. */
    private static final String MONTH_CODES = "FGHJKMNQUVXZ";

    private InstrumentsDates() {}

    /** {@code 250627}. */
    static Optional<LocalDate> ofDigits(String digits) {
        return date(
                2000 + Integer.parseInt(digits.substring(0, 2)),
                Integer.parseInt(digits.substring(2, 4)),
                Integer.parseInt(digits.substring(4)));
    }

    /** {@code 14FEB25} and {@code 7NOV25}. */
    static Optional<LocalDate> ofMonthName(String text) {
        int month = text.length() - 5;
        return date(
                2000 + Integer.parseInt(text.substring(month + 3)),
                MONTHS.indexOf(text.substring(month, month + 3).toUpperCase(Locale.ROOT)) + 1,
                Integer.parseInt(text.substring(0, month)));
    }

    /** {@code Z21}: the last Friday of that month. */
    static Optional<LocalDate> ofMonthCode(String code) {
        int month = MONTH_CODES.indexOf(code.charAt(0)) + 1;
        if (month == 0) {
            return Optional.empty();
        }
        return Optional.of(YearMonth.of(2000 + Integer.parseInt(code.substring(1)), month)
                .atDay(1)
                .with(TemporalAdjusters.lastInMonth(DayOfWeek.FRIDAY)));
    }

    private static Optional<LocalDate> date(int year, int month, int day) {
        try {
            return Optional.of(LocalDate.of(year, month, day));
        } catch (DateTimeException noDay) {
            return Optional.empty();
        }
    }
}
