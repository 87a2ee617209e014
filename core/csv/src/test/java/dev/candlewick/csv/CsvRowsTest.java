package dev.candlewick.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.Cancelled;
import dev.candlewick.Column;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.DoubleColumn;
import dev.candlewick.Field;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvRowsTest {

    private static final String HEADER = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n";
    private static final String ROW =
            "binance-futures,BTCUSDT,1582329602111000,1582329602418379,42377944,buy,9682,0.132\n";
    private static final Series TRADES = series(Dataset.TRADES);
    private static final CsvLayout LAYOUT = CsvLayout.of(Dataset.TRADES.schema())
            .constant("exchange", "binance-futures")
            .constant("symbol", "BTCUSDT")
            .build();

    private static final Schema EVERYTHING = new Schema(
            List.of(
                    Field.time("t"),
                    Field.time("maybe").orNull(),
                    Field.decimal("price", 38, 12),
                    Field.decimal("small", 9, 4).orNull(),
                    Field.int64("n").orNull(),
                    Field.float64("f").orNull(),
                    Field.bool("flag"),
                    Field.text("id").orNull(),
                    Field.text("side"),
                    Field.text("meaning"),
                    Field.float64("absent").orNull()),
            "t",
            List.of());
    private static final Series ODD = series(new Dataset("odd", EVERYTHING, Cadence.events()));
    private static final CsvLayout ODD_LAYOUT = CsvLayout.of(EVERYTHING)
            .mapped("meaning", "flag", Map.of("true", "sell", "True", "sell", "TRUE", "sell", "false", "buy"))
            .divided("f", "percent", 100)
            .absent("absent")
            .constant("venue", "x")
            .only("group", List.of("A", "B"))
            .build();
    private static final String ODD_HEADER = "venue,group,t,maybe,price,small,n,percent,flag,id,side,extra\n";

    private static Series series(Dataset dataset) {
        return new Series(Subject.parse("BINANCE:PERPETUAL:BTC-USDT"), dataset);
    }

    @Test
    void aTradeIsReadExactly() {
        Read read = read(HEADER + ROW, LAYOUT, TRADES, CsvOptions.DEFAULT);
        assertThat(read.rows())
                .containsExactly(List.of("1582329602111000", "1582329602418379", "42377944", "buy", "9682", "0.132"));
        assertThat(read.quarantined()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", HEADER, "exchange,symbol,timestamp,local_timestamp,id,side,price,amount"})
    void aFileOfNoBytesOrOfAHeaderAloneHasNoRows(String file) {
        assertThat(read(file, LAYOUT, TRADES, CsvOptions.DEFAULT).rows()).isEmpty();
    }

    @Test
    void aMissingColumnRefusesTheFileAndSaysWhatThereIs() {
        assertThatThrownBy(() -> read(
                        "exchange,symbol,timestamp,local_timestamp,id,side,price\n",
                        LAYOUT,
                        TRADES,
                        CsvOptions.DEFAULT))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("no column 'amount'")
                .hasMessageContaining("side, price]");
    }

    @Test
    void aColumnThatIsNeededAndThereTwiceRefusesTheFile() {
        assertThatThrownBy(() -> read(
                        HEADER.replace("amount", "amount,price") + ROW.strip() + ",1\n",
                        LAYOUT,
                        TRADES,
                        CsvOptions.DEFAULT))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("several columns 'price'");
        assertThat(read(
                                HEADER.replace("amount", "amount,x,x") + ROW.strip() + ",1,2\n",
                                LAYOUT,
                                TRADES,
                                CsvOptions.DEFAULT)
                        .rows())
                .as("one that nobody needs may be")
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\n\r\n\n"})
    void blankLinesBeforeTheHeaderArePassedOver(String blank) {
        Read read = read(blank + HEADER + ROW + ROW.replace("9682", "x"), LAYOUT, TRADES, CsvOptions.DEFAULT);
        assertThat(read.rows()).hasSize(1);
        assertThat(read.quarantined())
                .extracting(QuarantinedRow::line)
                .containsExactly(3 + blank.chars().filter(each -> each == '\n').count());
    }

    @Test
    void aBadRowIsSetAsideWithLineColumnAndReason() {
        String file = HEADER
                + ROW
                + ROW.replace("9682", "96x2")
                + ROW.replace("BTCUSDT", "ETHUSDT")
                + ROW.replace(",buy", "")
                + ROW.replace("418379", "418378")
                + ROW.replace("0.132", "0.1234567890123")
                + ROW.replace("9682", "");
        Read read = read(file, LAYOUT, TRADES, CsvOptions.DEFAULT);
        assertThat(read.rows()).hasSize(1);
        assertThat(read.quarantined().stream()
                        .map(row -> row.line() + " " + row.column())
                        .sorted())
                .containsExactly("3 price", "4 symbol", "5 ", "6 local_timestamp", "7 amount", "8 price");
        assertThat(read.quarantined())
                .anySatisfy(row -> assertThat(row.reason()).contains("7 cells, not 8"));
        assertThat(read.quarantined()).allSatisfy(row -> assertThat(row.text()).startsWith("binance-futures"));
    }

    @Test
    void aClockFarAheadSpoilsItsOwnRowAndNoLaterOne() {
        CsvLayout day = CsvLayout.of(Dataset.TRADES.schema())
                .within(TimeRange.day("2020-02-22"))
                .build();
        String next = ROW.replace("1582329602418379", "1582415999999999");
        String file = HEADER
                + ROW.replace("1582329602418379", "1582329599999999")
                + ROW
                + ROW.replace("1582329602418379", "4738003202418379")
                + ROW.repeat(100)
                + next
                + ROW.replace("1582329602418379", "1582416000000000")
                + next;
        Read read = read(file, day, TRADES, CsvOptions.DEFAULT);
        assertThat(read.rows()).hasSize(103);
        assertThat(read.quarantined())
                .extracting(row -> row.line() + " " + row.column())
                .containsExactly("2 local_timestamp", "4 local_timestamp", "106 local_timestamp");
        assertThat(read.quarantined())
                .allSatisfy(row -> assertThat(row.reason()).contains("outside " + TimeRange.day("2020-02-22")));
    }

    @Test
    void tooManyBadRowsRefuseTheFile() {
        String file = HEADER + ROW.replace("9682", "x").repeat(11);
        assertThat(read(file, LAYOUT, TRADES, CsvOptions.DEFAULT.withMostBadRows(11))
                        .quarantined())
                .hasSize(11);
        assertThatThrownBy(() -> read(file, LAYOUT, TRADES, CsvOptions.DEFAULT.withMostBadRows(10)))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("more than 10 bad rows")
                .hasMessageContaining("line 2");
    }

    @ParameterizedTest
    @EnumSource(CsvThreads.class)
    void aLineLongerThanAnyIsRefusedWhereverItLies(CsvThreads threads) {
        for (int before : new int[] {0, 1, 6_300, 6_400, 20_000}) {
            String file = HEADER + ROW.repeat(before) + ROW.replace("42377944", "9".repeat(CsvRows.LONGEST_LINE)) + ROW;
            assertThatThrownBy(() -> read(file, LAYOUT, TRADES, CsvOptions.DEFAULT.with(threads)))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("line " + (before + 2))
                    .hasMessageContaining("32000 bytes");
        }
    }

    @Test
    void aFileWithoutHeaderIsReadByThePlacesOfItsColumns() {
        CsvLayout archive = CsvLayout.of(Dataset.TRADES.schema())
                .columns("id", "price", "qty", "quote_qty", "time", "is_buyer_maker")
                .times(CsvTimes.BY_MAGNITUDE)
                .from("timestamp", "time")
                .from("local_timestamp", "time")
                .from("amount", "qty")
                .mapped("side", "is_buyer_maker", Map.of("true", "sell", "false", "buy"))
                .build();
        List<List<String>> expected = List.of(
                List.of("1700000000000000", "1700000000000000", "7", "sell", "1.5", "2"),
                List.of("1700000000001000", "1700000000001000", "8", "buy", "1.25", "3"));
        String rows = "7,1.5,2.0,3,1700000000000,true\n8,1.25,3.0,3,1700000000001,false\n";
        assertThat(read(rows, archive, TRADES, CsvOptions.DEFAULT).rows()).isEqualTo(expected);
        assertThat(read("ID,price,QTY,quote_qty,time,is_buyer_maker\n" + rows, archive, TRADES, CsvOptions.DEFAULT)
                        .rows())
                .isEqualTo(expected);
        assertThat(read(
                                rows.replace("1700000000000", "1700000000000000")
                                        .replace("1700000000001", "1700000000001000"),
                                archive,
                                TRADES,
                                CsvOptions.DEFAULT)
                        .rows())
                .isEqualTo(expected);
        assertThatThrownBy(() ->
                        read(rows.replace("1700000000001", "1700000000001000"), archive, TRADES, CsvOptions.DEFAULT))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("disagree on the time unit");
        assertThatThrownBy(() -> read(
                        "id,price,qty,time,quote_qty,is_buyer_maker\n" + rows, archive, TRADES, CsvOptions.DEFAULT))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("has columns");
    }

    @ParameterizedTest
    @ValueSource(strings = {",,,,,\n", "      ", ",,,,,"})
    void rowsOfNothingButSeparatorsAreSetAsideHoweverManyFitAWord(String piece) {
        CsvLayout six = CsvLayout.of(Dataset.TRADES.schema())
                .columns("id", "timestamp", "local_timestamp", "side", "price", "amount")
                .build();
        for (int times : new int[] {1, 1_023, 1_024, 1_025, 1_026, 5_000}) {
            byte[] file = ("7,,,,,\n" + piece.repeat(times) + "\n").getBytes(StandardCharsets.US_ASCII);
            Read read = read(file, six, TRADES, CsvOptions.DEFAULT.withMostBadRows(10_000));
            assertThat(read.rows()).isEmpty();
            assertThat(read.quarantined()).hasSize(piece.endsWith("\n") ? times + 1 : 2);
        }
    }

    @ParameterizedTest
    @EnumSource(CsvThreads.class)
    void batchesAreFullButTheLastAndRowsKeepTheirOrderOverManyBlocks(CsvThreads threads) {
        Random random = new Random(5);
        StringBuilder file = new StringBuilder(ODD_HEADER);
        int rows = 60_000;
        for (int row = 0; row < rows; row++) {
            file.append(goodRow(random, row));
        }
        byte[] bytes = file.toString().getBytes(StandardCharsets.UTF_8);
        Read expected = new Read(new CsvByLine(bytes, ODD_LAYOUT).rows, List.of(), List.of());
        for (byte[] form : List.of(bytes, gzip(bytes, 3))) {
            for (CsvInflate inflate : CsvInflate.values()) {
                CsvOptions options =
                        CsvOptions.DEFAULT.with(threads).with(inflate).withRowsPerBatch(7_001);
                Read read = read(form, ODD_LAYOUT, ODD, options);
                assertThat(read.rows()).isEqualTo(expected.rows());
                assertThat(read.sizes().subList(0, read.sizes().size() - 1)).containsOnly(7_001);
            }
        }
    }

    @Property(tries = 400)
    void theQuickReaderAgreesWithThePlainOneOnHostileFiles(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder file = new StringBuilder(ODD_HEADER);
        int rows = random.nextInt(60);
        for (int row = 0; row < rows; row++) {
            file.append(random.nextInt(3) == 0 ? hostileRow(random, row) : goodRow(random, row));
        }
        if (random.nextBoolean() && file.charAt(file.length() - 1) == '\n') {
            file.setLength(file.length() - 1);
        }
        byte[] bytes = file.toString().getBytes(StandardCharsets.ISO_8859_1);
        CsvByLine expected = new CsvByLine(bytes, ODD_LAYOUT);
        Read read = read(
                random.nextBoolean() ? bytes : gzip(bytes, 1 + random.nextInt(3)),
                ODD_LAYOUT,
                ODD,
                CsvOptions.DEFAULT.withRowsPerBatch(1 + random.nextInt(40)).with(CsvThreads.CALLER));
        assertThat(read.rows()).isEqualTo(expected.rows);
        assertThat(read.quarantined())
                .extracting(row -> new CsvByLine.Bad(row.line(), row.column()))
                .containsExactlyInAnyOrderElementsOf(expected.bad);
    }

    /** Without what only the careful way knows: rows of some groups alone, floating-point numbers, columns that the file lacks. */
    private static CsvLayout usual(String read, Field meant) {
        Schema schema = new Schema(
                List.of(
                        Field.time("t"),
                        Field.time("maybe").orNull(),
                        Field.decimal("price", 38, 12),
                        Field.decimal("small", 9, 4).orNull(),
                        Field.decimal("again", 9, 4).orNull(),
                        Field.int64("n").orNull(),
                        meant,
                        Field.text("id").orNull(),
                        Field.text("side")),
                "t",
                List.of());
        CsvLayout.Builder layout = CsvLayout.of(schema)
                .constant("venue", "x")
                .constant("more", "more")
                .from("again", "small");
        return meant.name().equals("meaning")
                ? layout.mapped("meaning", read, Map.of("true", "sell", "false", "buy"))
                        .build()
                : layout.from(meant.name(), read).build();
    }

    @Property(tries = 600)
    void rowsOfTheUsualFormAndAllOthersBetweenThemAreReadAsThePlainReaderReadsThem(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder file = new StringBuilder(ODD_HEADER.replace("extra", "more"));
        int rows = random.nextInt(300);
        int hostile = 1 + random.nextInt(100);
        String last = "";
        for (int row = 0; row < rows; row++) {
            String next = random.nextInt(hostile) == 0 ? hostileRow(random, row) : goodRow(random, row);
            last = random.nextInt(4) == 0 && !last.isEmpty() ? last : next;
            file.append(last);
        }
        byte[] bytes = file.toString().getBytes(StandardCharsets.ISO_8859_1);
        CsvLayout layout = usual("flag", random.nextBoolean() ? Field.text("meaning") : Field.bool("yes"));
        CsvByLine expected = new CsvByLine(bytes, layout);
        Read read = read(
                bytes,
                layout,
                series(new Dataset("usual", layout.schema(), Cadence.events())),
                CsvOptions.DEFAULT.withRowsPerBatch(1 + random.nextInt(200)).with(CsvThreads.CALLER));
        assertThat(read.rows()).isEqualTo(expected.rows);
        assertThat(read.quarantined())
                .extracting(row -> new CsvByLine.Bad(row.line(), row.column()))
                .containsExactlyInAnyOrderElementsOf(expected.bad);
    }

    @Test
    @Timeout(20)
    void closingFromAnotherThreadEndsTheReaderAndTheThreadThatReadsAhead() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        byte[] start = (HEADER + ROW.repeat(30_000)).getBytes(StandardCharsets.UTF_8);
        InputStream endless = new ByteArrayInputStream(start) {
            @Override
            public synchronized int read(byte[] target, int from, int count) {
                int read = super.read(target, from, count);
                if (read >= 0) {
                    return read;
                }
                reading.countDown();
                try {
                    released.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                return -1;
            }

            @Override
            public void close() {
                released.countDown();
            }
        };
        CsvRows rows = CsvRows.open(endless, LAYOUT, TRADES, "endless", CsvOptions.DEFAULT.with(CsvThreads.OWN));
        Thread closer = new Thread(() -> {
            try {
                reading.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            rows.close();
        });
        closer.start();
        assertThatThrownBy(() -> {
                    while (rows.hasNext()) {
                        rows.next();
                    }
                })
                .isInstanceOf(Cancelled.class);
        closer.join();
        assertNoThreadReadsAhead();
    }

    @Test
    void anInterruptedReaderIsCancelledAndLeavesNoThread() throws Exception {
        byte[] file = (HEADER + ROW.repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        CsvRows rows = CsvRows.open(
                new ByteArrayInputStream(file),
                LAYOUT,
                TRADES,
                "file",
                CsvOptions.DEFAULT.with(CsvThreads.OWN).withRowsPerBatch(1_000));
        rows.next();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> {
                    while (rows.hasNext()) {
                        rows.next();
                    }
                })
                .isInstanceOf(Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();
        assertNoThreadReadsAhead();
    }

    @Test
    void aFailureOfTheThreadThatReadsAheadComesOutBehindTheRowsBeforeIt() throws Exception {
        byte[] whole = gzip((HEADER + ROW.repeat(100_000)).getBytes(StandardCharsets.UTF_8), 1);
        byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 100);
        try (CsvRows rows = CsvRows.open(
                new ByteArrayInputStream(cut),
                LAYOUT,
                TRADES,
                "cut.csv.gz",
                CsvOptions.DEFAULT.with(CsvThreads.OWN).withRowsPerBatch(1_000))) {
            assertThat(rows.next().rows()).isEqualTo(1_000);
            assertThatThrownBy(() -> rows.forEachRemaining(batch -> {}))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("cut.csv.gz")
                    .hasMessageContaining("ends early");
        }
        assertNoThreadReadsAhead();
    }

    private static void assertNoThreadReadsAhead() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("candlewick-gunzip")) {
                thread.join(TimeUnit.SECONDS.toMillis(10));
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    private static String goodRow(Random random, int row) {
        String flag = List.of("true", "false", "True", "TRUE").get(random.nextInt(4));
        return "x," + "ABAC".charAt(random.nextInt(4)) + "," + (1_582_329_602_000_000L + row * 10L) + ","
                + (random.nextBoolean() ? "" : Long.toString(random.nextLong(0, 2_000_000_000_000_000L))) + ","
                + number(random, 12) + "," + (random.nextInt(4) == 0 ? "" : number(random, 4)) + ","
                + (random.nextBoolean() ? random.nextInt() : random.nextLong()) + "," + number(random, 9) + "," + flag
                + ","
                + (random.nextInt(5) == 0 ? "" : Long.toString(random.nextLong(0, 1L << random.nextInt(1, 62)))) + ","
                + (random.nextBoolean() ? "buy" : "sell") + ",more\n";
    }

    private static String number(Random random, int scale) {
        long unscaled =
                random.nextLong(1L << random.nextInt(1, scale < 9 ? 17 : 60)) * (random.nextInt(4) == 0 ? -1 : 1);
        java.math.BigDecimal value = java.math.BigDecimal.valueOf(unscaled, random.nextInt(scale + 1));
        return value.toPlainString();
    }

    private static String hostileRow(Random random, int row) {
        String good = goodRow(random, row);
        String[] odd = {
            "1e-7",
            "1E5",
            "+5",
            "-",
            "--1",
            ".5",
            "5.",
            ".",
            "1.2.3",
            "NaN",
            "Infinity",
            "0x10",
            "1_0",
            " 1",
            "1 ",
            "\"\"",
            "\"buy\"",
            "\"7\"",
            "\"",
            "a\"b",
            "\0",
            "\u00e9",
            "\u00c3\u00a9",
            "999999999999999999999999999999999999999",
            "99999999999999999999999999",
            "0.000000000001",
            "0.0000000000001",
            "1.0000000000000000000000",
            "1e999999999",
            "1e-999999999",
            "0e999999999",
            "00012",
            "-0",
            "0",
            "12345678",
            "123456789",
            "1234567890123456",
            "12345678901234567",
            "123456789012345678",
            "1234567890123456789",
            "12345678.12345678",
            "1.123456789012",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "true",
            "tru",
            "1582329602000000",
            "100000",
            "\r",
            "x",
            "",
            "1/2",
            "1:2",
            "12345.6789012345678",
            "123456789.5",
            "7".repeat(300)
        };
        return switch (random.nextInt(8)) {
            case 0 -> good.replace("\n", "\r\n");
            case 1 -> "\n";
            case 2 -> good.replaceFirst(",", "");
            case 3 -> good.replace("\n", ",\n");
            case 4 -> "a,b,c\n";
            default -> {
                String[] cells = good.substring(0, good.length() - 1).split(",", -1);
                cells[random.nextInt(cells.length)] = odd[random.nextInt(odd.length)];
                yield String.join(",", cells) + "\n";
            }
        };
    }

    static byte[] gzip(byte[] bytes, int members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int member = 0; member < members; member++) {
            int from = (int) ((long) bytes.length * member / members);
            int to = (int) ((long) bytes.length * (member + 1) / members);
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(bytes, from, to - from);
            } catch (IOException impossible) {
                throw new AssertionError(impossible);
            }
        }
        return out.toByteArray();
    }

    private record Read(List<List<String>> rows, List<QuarantinedRow> quarantined, List<Integer> sizes) {}

    private static Read read(String file, CsvLayout layout, Series series, CsvOptions options) {
        return read(file.getBytes(StandardCharsets.UTF_8), layout, series, options);
    }

    private static Read read(byte[] file, CsvLayout layout, Series series, CsvOptions options) {
        List<List<String>> all = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        try (CsvRows rows = CsvRows.open(new ByteArrayInputStream(file), layout, series, "file", options)) {
            while (rows.hasNext()) {
                Batch batch = rows.next();
                sizes.add(batch.rows());
                for (int row = 0; row < batch.rows(); row++) {
                    List<String> texts = new ArrayList<>();
                    for (Column column : batch.columns()) {
                        texts.add(text(column, row));
                    }
                    all.add(texts);
                }
            }
            assertThat(rows.rows()).isEqualTo(all.size());
            return new Read(all, rows.quarantined(), sizes);
        }
    }

    private static String text(Column column, int row) {
        if (column.isNull(row)) {
            return "null";
        } else if (column instanceof TimeColumn times) {
            return Long.toString(times.epochMicros(row));
        } else if (column instanceof DoubleColumn doubles) {
            return Double.toString(doubles.value(row));
        }
        return column.text(row);
    }
}
