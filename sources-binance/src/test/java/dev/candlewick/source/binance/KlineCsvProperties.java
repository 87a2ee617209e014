package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.Corrupt;
import dev.candlewick.Interval;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The byte parser against one that anybody can read. */
final class KlineCsvProperties {

    private static final Series SERIES = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final long START = 1_704_067_200_000L;

    @Property(tries = 1_000)
    void theFastParserSaysWhatTheSlowOneSays(
            @ForAll("files") List<String> lines, @ForAll("lineEnds") String lineEnd, @ForAll boolean finalEnd) {
        String text = String.join(lineEnd, lines) + (finalEnd ? lineEnd : "");
        ParsedKlines parsed;
        try {
            parsed = parse(text);
        } catch (Corrupt wholeFile) {
            boolean likeHeader = Character.isLetter((lines.get(0) + " ").charAt(0));
            assertThat(wholeFile)
                    .hasMessageContaining(likeHeader ? "has columns this version" : "disagree on the time unit");
            return;
        }
        Map<Long, List<String>> slow = slowly(lines);
        List<List<String>> rows = new ArrayList<>();
        for (int row = 0; row < parsed.rows().rows(); row++) {
            rows.add(values(parsed.rows(), row));
        }
        assertThat(rows).isEqualTo(List.copyOf(slow.values()));
        assertThat(rows.size() + parsed.quarantined().size() + parsed.outside().size() + dropped(parsed))
                .isEqualTo(lines.size());
    }

    @Property(tries = 2_000)
    void anyBytesGiveAResultOrCorrupt(@ForAll byte[] bytes) {
        try {
            assertThat(new KlineCsvParser(SERIES, Interval.parse("1m"), DAY, "f", bytes)
                            .parse()
                            .rows()
                            .rows())
                    .isLessThanOrEqualTo(bytes.length / 24 + 1);
        } catch (Corrupt typed) {
            assertThat(typed).hasMessageStartingWith("f");
        }
    }

    @Provide
    Arbitrary<List<String>> files() {
        return line().list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<String> lineEnds() {
        return Arbitraries.of("\n", "\r\n");
    }

    private static Arbitrary<String> line() {
        Arbitrary<String> good = Combinators.combine(
                        Arbitraries.integers().between(0, 1_439),
                        Arbitraries.integers().between(1, 999_999),
                        Arbitraries.integers().between(0, 999_999),
                        Arbitraries.longs().between(0, 1_000_000_000_000_000_000L))
                .as((minute, low, more, volume) -> {
                    long open = START + minute * 60_000L;
                    String price = BigDecimal.valueOf(low, 4).toPlainString();
                    String high = BigDecimal.valueOf((long) low + more, 4).toPlainString();
                    return open + "," + price + "," + high + "," + price + "," + high + ","
                            + BigDecimal.valueOf(volume, 8).toPlainString() + "," + (open + 59_999) + ",1.5,"
                            + more + ",0,00.25000000,0";
                });
        Arbitrary<String> hostile = Combinators.combine(
                        good,
                        Arbitraries.integers().between(0, 11),
                        Arbitraries.of(
                                "",
                                "NaN",
                                "-1",
                                "1e3",
                                "\"1\"",
                                " 1",
                                "1.",
                                ".5",
                                ".",
                                "1.123456789",
                                "1.1234567800",
                                "1234567890123456789012345678901234567890",
                                "99999999999",
                                "1704067200",
                                "1704067200000000000",
                                "1,2",
                                "1.2.3",
                                "+1"))
                .as((line, field, junk) -> {
                    String[] fields = line.split(",", -1);
                    fields[field] = junk;
                    return String.join(",", fields);
                });
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(6, good), net.jqwik.api.Tuple.of(1, hostile));
    }

    private static ParsedKlines parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new KlineCsvParser(SERIES, Interval.parse("1m"), DAY, "f", bytes).parse();
    }

    private static int dropped(ParsedKlines parsed) {
        return parsed.notes().stream()
                .filter(note -> note.contains("repeat"))
                .mapToInt(note -> Integer.parseInt(note.split(" ")[0]))
                .sum();
    }

    /** The oracle: split, BigDecimal, a sorted map. The first good line of an open time stands. */
    private static Map<Long, List<String>> slowly(List<String> lines) {
        Map<Long, List<String>> rows = new TreeMap<>();
        for (String line : lines) {
            String[] fields = line.split(",", -1);
            try {
                if (fields.length != 12) {
                    continue;
                }
                long open = time(fields[0]);
                List<String> values = new ArrayList<>(List.of(Long.toString(open)));
                for (int i = 1; i <= 10; i++) {
                    values.add(
                            i == 6
                                    ? Long.toString(time(fields[6]))
                                    : i == 8 ? Long.toString(whole(fields[8])) : decimal(fields[i], i <= 4 ? 18 : 38));
                }
                boolean inside = open >= START * 1_000 && open < (START + 86_400_000) * 1_000;
                BigDecimal low = new BigDecimal(values.get(3));
                BigDecimal high = new BigDecimal(values.get(2));
                boolean sound = low.signum() >= 0
                        && low.compareTo(new BigDecimal(values.get(1)).min(new BigDecimal(values.get(4)))) <= 0
                        && high.compareTo(new BigDecimal(values.get(1)).max(new BigDecimal(values.get(4)))) >= 0
                        && List.of(5, 7, 9, 10).stream().allMatch(i -> new BigDecimal(values.get(i)).signum() >= 0);
                if (inside && Long.parseLong(values.get(6)) >= open && !rows.containsKey(open)) {
                    rows.put(open, sound ? values : List.of());
                }
            } catch (IllegalArgumentException | ArithmeticException bad) {
                // a bad line gives no row
            }
        }
        rows.values().removeIf(List::isEmpty);
        return rows;
    }

    private static long time(String text) {
        long value = whole(text);
        return TimeUnitProof.of(value).toMicros(value);
    }

    private static long whole(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new NumberFormatException(text);
        }
        return Long.parseLong(text);
    }

    private static String decimal(String text, int precision) {
        if (!text.matches("-?([0-9]+\\.?[0-9]*|\\.[0-9]+)")) {
            throw new NumberFormatException(text);
        }
        BigDecimal value = new BigDecimal(text).setScale(8);
        if (value.precision() > precision) {
            throw new ArithmeticException(text);
        }
        return value.stripTrailingZeros().toPlainString();
    }

    private static List<String> values(Batch batch, int row) {
        List<String> values =
                new ArrayList<>(List.of(Long.toString(batch.times().epochMicros(row))));
        for (String column : List.of("open", "high", "low", "close", "volume")) {
            values.add(plain(batch, column, row));
        }
        values.add(Long.toString(batch.times("close_time").epochMicros(row)));
        values.add(plain(batch, "quote_volume", row));
        values.add(Long.toString(batch.longs("trades").value(row)));
        values.add(plain(batch, "taker_buy_volume", row));
        values.add(plain(batch, "taker_buy_quote_volume", row));
        return values;
    }

    private static String plain(Batch batch, String column, int row) {
        return batch.decimals(column).get(row).stripTrailingZeros().toPlainString();
    }
}
