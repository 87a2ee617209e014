package dev.candlewick.source.binance;

import dev.candlewick.Corrupt;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Unavailable;
import dev.candlewick.csv.CsvOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a small file, some hundreds to some ten thousand: funding, metrics, bands of book depth, liquidations. A row
 * that cannot be read is set aside; a file with other columns is {@link Corrupt}. Rows are given as they lie in the file.
 */
final class EventLines {

    private static final DateTimeFormatter TEXT_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    /** A day of band depths has some 35,000 rows; one with more than these is none. */
    private static final int MOST_ROWS = 2_000_000;

    /** As many as of the large files: a file with more is not what it should be. */
    private static final int MOST_BAD_ROWS = CsvOptions.DEFAULT.mostBadRows();

    private static final int LONGEST_LINE = 4_096;
    private static final long MOST_HOURS = 31 * 24;

    private final TickKind kind;
    private final String symbol;
    private final String file;
    private final List<EventRow> rows = new ArrayList<>();
    private final List<QuarantinedRow> quarantined = new ArrayList<>();

    /**
     * What a file holds.
     *
     * @param rows in the order of the file
     */
    record Content(List<EventRow> rows, List<QuarantinedRow> quarantined) {}

    private EventLines(TickKind kind, String symbol, String file) {
        this.kind = kind;
        this.symbol = symbol;
        this.file = file;
    }

    static Content read(TickKind kind, String symbol, ZipBytes zip, String member, String file) {
        try (ZipMember csv = ZipMember.open(zip, member, file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(csv, StandardCharsets.UTF_8))) {
            return new EventLines(kind, symbol, file).read(lines);
        } catch (IOException unreadable) {
            throw new Unavailable(file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /** The columns as published, the first one first. */
    static List<String> columns(TickKind kind) {
        return switch (kind) {
            case FUNDING -> List.of("calc_time", "funding_interval_hours", "last_funding_rate");
            case METRICS ->
                List.of(
                        "create_time",
                        "symbol",
                        "sum_open_interest",
                        "sum_open_interest_value",
                        "count_toptrader_long_short_ratio",
                        "sum_toptrader_long_short_ratio",
                        "count_long_short_ratio",
                        "sum_taker_long_short_vol_ratio");
            case BOOK_DEPTH -> List.of("timestamp", "percentage", "depth", "notional");
            case LIQUIDATIONS ->
                List.of(
                        "time",
                        "symbol",
                        "side",
                        "order_type",
                        "time_in_force",
                        "original_quantity",
                        "price",
                        "average_price",
                        "order_status",
                        "last_fill_quantity",
                        "accumulated_fill_quantity");
            case TRADES, AGG_TRADES, BOOK_TICKER -> throw new IllegalArgumentException(kind + " is no small file");
        };
    }

    private Content read(BufferedReader lines) throws IOException {
        List<String> columns = columns(kind);
        int number = 0;
        for (String line = line(lines); line != null; line = line(lines)) {
            number++;
            if (line.isEmpty()) {
                continue;
            }
            List<String> cells = cells(line);
            if (number == 1) {
                String first = cells.get(0).startsWith("\uFEFF") ? cells.get(0).substring(1) : cells.get(0);
                if (first.equalsIgnoreCase(columns.get(0))) {
                    requireColumns(cells.subList(1, cells.size()), columns.subList(1, columns.size()));
                    continue;
                }
            }
            if (number > MOST_ROWS) {
                throw new Corrupt(
                        file + " has more than " + MOST_ROWS + " rows: no file of " + kind.folder() + " is so long");
            }
            add(cells, number, line);
        }
        if (rows.isEmpty() && !quarantined.isEmpty()) {
            throw new Corrupt(file + " has " + quarantined.size() + " rows, none of which can be read; the first: "
                    + quarantined.get(0).reason());
        }
        return new Content(rows, quarantined);
    }

    private @Nullable String line(BufferedReader lines) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int each = lines.read(); ; each = lines.read()) {
            if (each < 0) {
                return line.length() == 0 ? null : line.toString();
            }
            if (each == '\n') {
                return line.toString();
            }
            if (each != '\r') {
                line.append((char) each);
            }
            if (line.length() > LONGEST_LINE) {
                throw new Corrupt(file + " has a line of more than " + LONGEST_LINE + " characters");
            }
        }
    }

    private void requireColumns(List<String> found, List<String> expected) {
        for (int i = 0; i < expected.size(); i++) {
            if (i >= found.size() || !found.get(i).strip().equalsIgnoreCase(expected.get(i))) {
                throw new Corrupt(file + " has the columns " + KlineHeader.shown(found.toString())
                        + " behind its first one, not " + expected);
            }
        }
    }

    private void add(List<String> cells, int number, String line) {
        try {
            if (cells.size() < columns(kind).size()) {
                throw new IllegalArgumentException("it has " + cells.size() + " cells, not "
                        + columns(kind).size());
            }
            rows.add(row(cells));
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException unfit) {
            quarantined.add(new QuarantinedRow(file, number, "", String.valueOf(unfit.getMessage()), line));
            if (quarantined.size() > MOST_BAD_ROWS) {
                throw new Corrupt(file + " has more than " + MOST_BAD_ROWS + " bad rows; the first: "
                        + quarantined.get(0).reason());
            }
        }
    }

    private EventRow row(List<String> cells) {
        return switch (kind) {
            case FUNDING -> {
                long micros = number(cells.get(0));
                yield EventRow.of(micros, micros, hours(cells.get(1)), decimal(cells.get(2)), null);
            }
            case METRICS -> {
                requireSymbol(cells.get(1));
                long micros = text(cells.get(0));
                yield EventRow.of(
                        micros,
                        micros,
                        "unknown",
                        orNull(cells.get(2)),
                        orNull(cells.get(3)),
                        orNull(cells.get(4)),
                        orNull(cells.get(5)),
                        orNull(cells.get(6)),
                        orNull(cells.get(7)));
            }
            case BOOK_DEPTH -> {
                long micros = text(cells.get(0));
                yield EventRow.of(micros, micros, decimal(cells.get(1)), decimal(cells.get(2)), decimal(cells.get(3)));
            }
            default -> {
                requireSymbol(cells.get(1));
                long micros = number(cells.get(0));
                String side = cells.get(2).toLowerCase(Locale.ROOT);
                if (!side.equals("buy") && !side.equals("sell")) {
                    throw new IllegalArgumentException("'" + cells.get(2) + "' is no side");
                }
                yield EventRow.of(micros, micros, micros, null, side, decimal(cells.get(6)), decimal(cells.get(10)));
            }
        };
    }

    /** An interval of funding: one to eight hours as far as is known, and never more than a month. */
    private static @Nullable Long hours(String text) {
        if (text.isEmpty()) {
            return null;
        }
        long hours = Long.parseLong(text);
        if (hours < 0 || hours > MOST_HOURS) {
            throw new IllegalArgumentException(hours + " hours are no interval of funding");
        }
        return hours;
    }

    private void requireSymbol(String found) {
        if (!found.equals(symbol)) {
            throw new IllegalArgumentException("it is of " + found + ", not of " + symbol);
        }
    }

    private static long number(String text) {
        long value = Long.parseLong(text);
        return TimeUnitProof.of(value).toMicros(value);
    }

    private static long text(String text) {
        return Epoch.micros(LocalDateTime.parse(text, TEXT_TIME).toInstant(ZoneOffset.UTC));
    }

    private static @Nullable BigDecimal orNull(String text) {
        return text.isEmpty() ? null : decimal(text);
    }

    /** Exact, and of a length that digits in files have. */
    static BigDecimal decimal(String text) {
        if (text.isEmpty() || text.length() > 60) {
            throw new IllegalArgumentException("'" + text + "' is no number");
        }
        BigDecimal value;
        try {
            value = new BigDecimal(text);
        } catch (NumberFormatException unfit) {
            throw new IllegalArgumentException("'" + text + "' is no number", unfit);
        }
        if (value.precision() > 60 || Math.abs((long) value.scale()) > 60) {
            throw new IllegalArgumentException("'" + text + "' is no number of a market");
        }
        return value;
    }

    /** No cell holds a comma; quotes stand around blanks only. */
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
        cells.replaceAll(cell -> cell.length() >= 2 && cell.startsWith("\"") && cell.endsWith("\"")
                ? cell.substring(1, cell.length() - 1)
                : cell);
        return cells;
    }
}
