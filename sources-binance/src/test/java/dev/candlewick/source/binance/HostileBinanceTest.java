package dev.candlewick.source.binance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Column;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Interval;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.http.Json;
import dev.candlewick.testkit.HostileInput;
import dev.candlewick.testkit.RecordedData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Answers and files of Binance that Binance would never send. */
@Tag("fuzz")
final class HostileBinanceTest {

    private static final int LONGEST_REASON = 4_000;
    private static final String MEMBER = "member.csv";
    private static final Interval MINUTE = Interval.parse("1m");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final Series KLINES = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");

    @TempDir
    private Path directory;

    @Test
    void pagesOfTrades() {
        trades(
                TickKind.TRADES,
                "[{\"id\":28457,\"price\":\"4.00000100\",\"qty\":\"12.00000000\",\"quoteQty\":\"48.000012\",\"time\":1499865549590,"
                        + "\"isBuyerMaker\":true,\"isBestMatch\":true},{\"id\":28458,\"price\":\"4\",\"qty\":\"1e-3\","
                        + "\"time\":1499865549590,\"isBuyerMaker\":false}]",
                "rest/spot_BTCUSDT_trades.2021-10-22.json");
    }

    @Test
    void pagesOfAggregatedTrades() {
        trades(
                TickKind.AGG_TRADES,
                "[{\"a\":26129,\"p\":\"0.01633102\",\"q\":\"4.70443515\",\"f\":27781,\"l\":27781,\"T\":1498793709153,"
                        + "\"m\":true,\"M\":true},{\"a\":26130,\"p\":\"0\",\"q\":\"0\",\"f\":-1,\"l\":-1,"
                        + "\"T\":1498793709154,\"m\":false},{\"a\":26132,\"p\":1,\"q\":2,\"f\":27783,\"l\":27784,"
                        + "\"T\":1498793709154000,\"m\":false}]",
                "rest/spot_BTCUSDT_agg_trades.2021-10-22.json");
    }

    private static void trades(TickKind kind, String page, String recorded) {
        HostileInput target = HostileInput.named("rest " + kind.folder())
                .covering(TradeJson.class)
                .seed(page);
        recorded(target, recorded);
        Series series = new Series(Subject.parse("BINANCE:SPOT_PAIR:BTC-USDT"), kind.dataset());
        boolean aggregate = kind == TickKind.AGG_TRADES;
        target.run((input, choices) -> {
            TradeJson.Page read = TradeJson.read(kind, series, input, HostileInput.FILE);
            requireReasons(read.quarantined());
            Batch rows = read.rows().rows();
            JsonNode document = tree(input);
            if (rows.rows() + read.silent().size() > document.size()) {
                throw new AssertionError("more rows than elements");
            }
            Map<Long, List<JsonNode>> byNumber = new HashMap<>();
            for (JsonNode each : document) {
                byNumber.computeIfAbsent(
                                each.path(aggregate ? "a" : "id").asLong(Long.MIN_VALUE), number -> new ArrayList<>())
                        .add(each);
            }
            for (int row = 0; row < rows.rows(); row++) {
                String price = rows.column("price").text(row);
                String amount = rows.column("amount").text(row);
                long micros = rows.times().epochMicros(row);
                if (byNumber.getOrDefault(read.rows().ids()[row], List.of()).stream()
                        .noneMatch(each -> same(price, each.path(aggregate ? "p" : "price"))
                                && same(amount, each.path(aggregate ? "q" : "qty"))
                                && isTime(
                                        micros,
                                        each.path(aggregate ? "T" : "time").asText()))) {
                    throw new AssertionError("row " + row + " is nowhere in the document");
                }
            }
        });
    }

    private static boolean isTime(long micros, String written) {
        try {
            long value = Long.parseLong(written);
            return value == micros || value * 1_000 == micros;
        } catch (NumberFormatException noTime) {
            return false;
        }
    }

    private static boolean same(String read, JsonNode written) {
        try {
            return new BigDecimal(read).compareTo(new BigDecimal(written.asText())) == 0;
        } catch (NumberFormatException noNumber) {
            return false;
        }
    }

    @Test
    void pagesOfFunding() {
        Series series = new Series(Subject.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN"), Dataset.FUNDING);
        HostileInput.named("rest funding")
                .covering(TradeJson.class)
                .seed(
                        "[{\"symbol\":\"BTCUSDT\",\"fundingTime\":1568102400000,\"fundingRate\":\"0.00010000\",\"markPrice\":\"\"},"
                                + "{\"symbol\":\"BTCUSDT\",\"fundingTime\":1568131200000,\"fundingRate\":\"-0.0001\","
                                + "\"markPrice\":\"34287.54619963\"}]")
                .run((input, choices) -> {
                    EventLines.Content read = FundingJson.read(input, HostileInput.FILE);
                    requireReasons(read.quarantined());
                    tree(input);
                    requireStorable(read.rows(), series);
                });
    }

    @Test
    void pagesOfCandles() {
        HostileInput target = HostileInput.named("rest klines").covering(TradeJson.class);
        target.seed("[[1704067200000,\"42283.58\",\"42298.62\",\"42261.02\",\"42298.61\",\"35.92724\",1704067259999,"
                + "\"1519032.99433010\",1327,\"23.18766\",\"980394.9\",\"0\"],[1704067260000,\"1\",\"1\",\"1\",\"1\",\"0\","
                + "1704067319999,\"0\",0,\"0\",\"0\",\"0\"]]");
        recorded(target, "rest/spot_BTCUSDT_klines.2021-10-22.json");
        target.run((input, choices) -> {
            byte[] csv = KlineJson.toCsv(input, HostileInput.FILE);
            if (tree(input).size()
                    != new String(csv, StandardCharsets.UTF_8)
                            .chars()
                            .filter(each -> each == '\n')
                            .count()) {
                throw new AssertionError("other lines than elements");
            }
            candles(csv);
        });
    }

    @Test
    void filesOfCandles() {
        String rows = "1704067200000,42283.58,42298.62,42261.02,42298.61,35.92724,1704067259999,1519032.99433010,1327,"
                + "23.18766,980394.9,0\n1704067260000,1,1,1,1,0,1704067319999,0,0,0,0,0\n";
        HostileInput.named("csv of klines")
                .covering(TradeJson.class)
                .seed(rows)
                .seed("open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
                        + "taker_buy_quote_volume,ignore\n" + rows)
                .seed(rows.replace("00000,", "00000000,").replace("9999,", "9999999,"))
                .run((input, choices) -> candles(input));
    }

    /** Every candle that is read is a line of the file, number for number. */
    private static void candles(byte[] csv) {
        ParsedKlines parsed = new KlineCsvParser(KLINES, MINUTE, DAY, HostileInput.FILE, csv).parse();
        requireReasons(parsed.quarantined());
        requireReasons(parsed.outside());
        Batch rows = parsed.rows();
        if (rows.rows() == 0) {
            return;
        }
        Map<Long, List<String[]>> byTime = new HashMap<>();
        for (String line : new String(csv, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            String[] cells = line.replace("\r", "").split(",", -1);
            if (cells.length == 12 && cells[0].matches("(\u00ef\u00bb\u00bf)?[0-9]{12,18}")) {
                long time = Long.parseLong(cells[0].replace("\u00ef\u00bb\u00bf", ""));
                byTime.computeIfAbsent(time < 100_000_000_000_000L ? time * 1_000 : time, at -> new ArrayList<>())
                        .add(cells);
            }
        }
        for (int row = 0; row < rows.rows(); row++) {
            int at = row;
            if (byTime.getOrDefault(rows.times().epochMicros(row), List.of()).stream()
                    .noneMatch(cells -> isCandle(rows, at, cells))) {
                throw new AssertionError("candle " + row + " is nowhere in the file");
            }
        }
    }

    private static boolean isCandle(Batch rows, int row, String[] cells) {
        for (int column : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 10}) {
            Column read = rows.columns().get(column);
            try {
                if (new BigDecimal(read.text(row)).compareTo(new BigDecimal(cells[column])) != 0) {
                    return false;
                }
            } catch (NumberFormatException noNumber) {
                return false;
            }
        }
        return true;
    }

    @Test
    void listsOfInstruments() {
        HostileInput target = HostileInput.named("exchangeInfo").covering(TradeJson.class);
        target.seed(
                "{\"timezone\":\"UTC\",\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\","
                        + "\"intervalNum\":1,\"limit\":2400}],\"symbols\":[{\"symbol\":\"BTCUSD_210625\",\"pair\":\"BTCUSD\","
                        + "\"contractType\":\"CURRENT_QUARTER\",\"deliveryDate\":1624608000000,\"onboardDate\":1616745600000,"
                        + "\"contractStatus\":\"TRADING\",\"status\":\"TRADING\",\"contractSize\":100,\"baseAsset\":\"BTC\","
                        + "\"quoteAsset\":\"USD\",\"marginAsset\":\"BTC\",\"underlyingType\":\"COIN\",\"filters\":[{\"filterType\":"
                        + "\"PRICE_FILTER\",\"tickSize\":\"0.1\"},{\"filterType\":\"LOT_SIZE\",\"stepSize\":\"1\",\"minQty\":\"1\"},"
                        + "{\"filterType\":\"MIN_NOTIONAL\",\"notional\":\"5\"}]}]}");
        recorded(target, "rest/um_exchangeInfo_2022-02-19.3symbols.json");
        target.run((input, choices) -> {
            Market market = Market.values()[choices.nextInt(3)];
            ExchangeInfo read = ExchangeInfo.read(market, new ByteArrayInputStream(input), HostileInput.FILE);
            tree(input);
            for (BinanceSymbol each : read.instruments()) {
                if (!Subject.parse(each.subject().toString()).equals(each.subject())) {
                    throw new AssertionError(each.subject() + " is another subject when read again");
                }
            }
        });
    }

    @Test
    void smallFiles() throws IOException {
        Path zip = directory.resolve("small.zip");
        Map<TickKind, Series> series = Map.of(
                TickKind.FUNDING, series(Dataset.FUNDING),
                TickKind.METRICS, series(Dataset.METRICS),
                TickKind.BOOK_DEPTH, series(Dataset.BOOK_DEPTH),
                TickKind.LIQUIDATIONS, series(Dataset.LIQUIDATIONS));
        HostileInput target = HostileInput.named("small files of binance").covering(TradeJson.class);
        List<TickKind> kinds = List.of(TickKind.FUNDING, TickKind.METRICS, TickKind.BOOK_DEPTH, TickKind.LIQUIDATIONS);
        List<String> rows = List.of(
                "1704067200000,8,0.00010000\n1704096000000,8,-1e-7\n",
                "2024-01-01 00:05:00,BTCUSDT,86313.105,3650000000.5,1.5,1.2,1.1,\n",
                "2024-01-01 00:00:09,-5.00,12345.678,520000000.12\n2024-01-01 00:00:09,5,1,2\n",
                "1704067200000,BTCUSDT,SELL,LIMIT,IOC,0.01,42000.1,42001,FILLED,0.01,0.01\n");
        for (int kind = 0; kind < kinds.size(); kind++) {
            target.seed(rows.get(kind))
                    .seed(String.join(",", EventLines.columns(kinds.get(kind))) + "\n" + rows.get(kind));
        }
        target.run((input, choices) -> {
            Files.write(zip, zipped(input, MEMBER));
            String text = new String(input, StandardCharsets.ISO_8859_1);
            TickKind kind = kinds.get(choices.nextInt(kinds.size()));
            for (TickKind each : kinds) {
                kind = text.startsWith(EventLines.columns(each).get(0)) ? each : kind;
            }
            EventLines.Content read = EventLines.read(kind, "BTCUSDT", ZipBytes.at(zip), MEMBER, HostileInput.FILE);
            requireReasons(read.quarantined());
            requireStorable(read.rows(), series.get(kind));
            if (kind == TickKind.FUNDING) {
                FundingGaps.between(read.rows().stream()
                        .sorted(Comparator.comparingLong(EventRow::micros))
                        .map(row -> new FundingGaps.Event(
                                row.micros(), (Long) row.cells().get(1)))
                        .toList());
            }
        });
    }

    private static Series series(Dataset dataset) {
        return new Series(Subject.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN"), dataset);
    }

    /** Rows go into a batch, or are told apart from it by an exception that the reader expects. */
    private static void requireStorable(List<EventRow> rows, Series series) {
        BatchBuilder builder = new BatchBuilder(series, 16);
        for (EventRow row :
                rows.stream().sorted(Comparator.comparingLong(EventRow::micros)).toList()) {
            try {
                builder.row(row.cells().toArray());
            } catch (IllegalArgumentException | ArithmeticException unfit) {
                if (String.valueOf(unfit.getMessage()).length() > LONGEST_REASON) {
                    throw new AssertionError("a reason that nobody can read", unfit);
                }
            }
        }
        builder.build();
    }

    @Test
    void zips() throws IOException {
        Path zip = directory.resolve("any.zip");
        byte[] csv = "1704067200000,8,0.00010000\n".repeat(20).getBytes(StandardCharsets.US_ASCII);
        HostileInput.named("zip of binance")
                .covering(TradeJson.class)
                .seed(zipped(csv, MEMBER))
                .seed(zipped(csv, "__MACOSX/._" + MEMBER, MEMBER))
                .seed(zipped(csv, MEMBER, "other.csv"))
                .seed(zipped(new byte[100_000], MEMBER))
                .seed(stored(csv))
                .run((input, choices) -> {
                    Files.write(zip, input);
                    byte[] small = {};
                    byte[] large = {};
                    Corrupt first = null;
                    Corrupt second = null;
                    try {
                        small = KlineZip.unpack(input, MEMBER, 1_440, HostileInput.FILE);
                    } catch (Corrupt damaged) {
                        first = damaged;
                    }
                    try (ZipMember member = ZipMember.open(ZipBytes.at(zip), MEMBER, HostileInput.FILE)) {
                        large = member.readAllBytes();
                    } catch (Corrupt damaged) {
                        second = damaged;
                    }
                    if (first != null && second != null) {
                        throw first;
                    }
                    // One of them bounds what it unpacks more tightly.
                    if (first == null && second == null && !Arrays.equals(small, large)) {
                        throw new AssertionError("other bytes");
                    }
                });
    }

    private static byte[] zipped(byte[] content, String... members) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String member : members) {
                zip.putNextEntry(new ZipEntry(member));
                zip.write(content);
            }
        }
        return out.toByteArray();
    }

    private static byte[] stored(byte[] content) throws IOException {
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(MEMBER);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(entry);
            zip.write(content);
        }
        return out.toByteArray();
    }

    /** There is nothing to compare with. */
    private static final class Unheld extends Corrupt {
        private static final long serialVersionUID = 1L;

        private Unheld() {
            super(HostileInput.FILE);
        }
    }

    private static JsonNode tree(byte[] input) throws IOException {
        try {
            return Json.tree(input);
        } catch (JsonProcessingException malformed) {
            if (malformed.getCause() instanceof NumberFormatException
                    || malformed.getOriginalMessage().contains("UTF-8")) {
                throw new Unheld(); // a value that nobody asked for, which streaming passes over
            }
            throw new AssertionError("read, although it is not JSON", malformed);
        }
    }

    private static void requireReasons(List<QuarantinedRow> rows) {
        for (QuarantinedRow row : rows) {
            if (row.reason().isBlank()
                    || row.reason().equals("null")
                    || row.reason().length() > LONGEST_REASON
                    || !row.file().equals(HostileInput.FILE)) {
                throw new AssertionError("set aside without a reason that can be read: " + row);
            }
        }
    }

    private static void recorded(HostileInput target, String name) {
        try {
            byte[] document = Files.readAllBytes(RecordedData.file("binance/" + name));
            JsonNode all = Json.mapper().readTree(document);
            target.seed(
                    document.length < 10_000
                            ? new String(document, StandardCharsets.UTF_8)
                            : "[" + all.path(0) + "," + all.path(1) + "]");
        } catch (IOException | TestAbortedException notRecorded) {
            System.out.println("no recorded " + name);
        }
    }
}
