package dev.candlewick.csv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.DoubleColumn;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeColumn;
import dev.candlewick.testkit.HostileInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files of rows that nobody would write: read quickly and plainly, both must find the same. */
@Tag("fuzz")
final class HostileCsvTest {

    private static final int LONGEST_REASON = 1_000;

    @Test
    void tradesOfTardis() throws IOException {
        tardis(
                "trades",
                Dataset.TRADES,
                "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n",
                "x,BTC,1582329602111000,1582329602418379,42377944,buy,9682,0.132\n"
                        + "x,BTC,1582329602212000,1582329602418380,ccc3c1fa-212c,sell,9681.5,2\n"
                        + "x,BTC,1582329602212000,1582329602418381,,unknown,0.000000123,12345678901234\n");
    }

    @Test
    void booksOfTardis() throws IOException {
        tardis(
                "incremental_book_L2",
                Dataset.BOOK_CHANGES,
                "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n",
                "x,BTC,1585699200245000,1585699200355684,true,ask,6421.5,18640\n"
                        + "x,BTC,1585699200245000,1585699200355684,false,bid,6421,0\n");
    }

    @Test
    void snapshotsOfTardis() throws IOException {
        StringBuilder header = new StringBuilder("exchange,symbol,timestamp,local_timestamp");
        StringBuilder row = new StringBuilder("x,BTC,1598918403696000,1598918403810979");
        CsvLayout.Builder layout = CsvLayout.of(Dataset.book(5).schema());
        for (int level = 0; level < 5; level++) {
            header.append(
                    String.format(",asks[%1$d].price,asks[%1$d].amount,bids[%1$d].price,bids[%1$d].amount", level));
            row.append(level == 4 ? ",,,," : ",11657.08,1.714,11657.07,10.896");
            layout.from("ask_price_" + (level + 1), "asks[" + level + "].price")
                    .from("ask_volume_" + (level + 1), "asks[" + level + "].amount")
                    .from("bid_price_" + (level + 1), "bids[" + level + "].price")
                    .from("bid_volume_" + (level + 1), "bids[" + level + "].amount");
        }
        String rows = row.append('\n').toString();
        run("book_snapshot_5", Dataset.book(5), layout, header.append('\n').toString(), rows + rows);
    }

    @Test
    void quotesOfTardis() throws IOException {
        tardis(
                "quotes",
                Dataset.QUOTES,
                "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n",
                "x,BTC,1723161254206652,1723161254206652,1.6052,61837.64,61837.63,3.78826\n"
                        + "x,BTC,1723161254206652,1723161254206653,,,61837.63,3.78826\n");
    }

    @Test
    void derivativesOfTardis() throws IOException {
        tardis(
                "derivative_ticker",
                Dataset.DERIVATIVE_TICKER,
                "exchange,symbol,timestamp,local_timestamp,funding_timestamp,funding_rate,predicted_funding_rate,"
                        + "open_interest,last_price,index_price,mark_price\n",
                "x,BTC,1583020803145000,1583020803307160,1583049600000000,0.0001,0.00010123,12.5,8531.5,8530.1,8530.123456\n"
                        + "x,BTC,1583020803145000,1583020803307161,,-1e-7,,,,,8530\n");
    }

    @Test
    void liquidationsOfTardis() throws IOException {
        tardis(
                "liquidations",
                Dataset.LIQUIDATIONS,
                "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n",
                "x,BTC,1583020803145000,1583020803307160,,sell,8531.5,2152\n");
    }

    @Test
    void optionsOfTardis() throws IOException {
        CsvLayout.Builder layout = CsvLayout.of(Dataset.OPTIONS_CHAIN.schema())
                .divided("bid_iv_fraction", "bid_iv", 100)
                .divided("ask_iv_fraction", "ask_iv", 100)
                .divided("mark_iv_fraction", "mark_iv", 100)
                .only("exchange", List.of("x", "deribit"));
        run(
                "options_chain",
                Dataset.OPTIONS_CHAIN,
                layout,
                "exchange,symbol,timestamp,local_timestamp,type,strike_price,expiration,open_interest,last_price,bid_price,"
                        + "bid_amount,bid_iv,ask_price,ask_amount,ask_iv,mark_price,mark_iv,underlying_index,"
                        + "underlying_price,delta,gamma,vega,theta,rho\n",
                "x,BTC-9JUN20-9875-P,1591574399413000,1591574400196008,put,9875,1591689600000000,0.1,0.0295,0.0205,15.1,"
                        + "55.91,0.0235,15.2,68.94,0.02210436,62.89,SYN.BTC-9JUN20,9756.36,-0.61752,0.00103,2.24964,"
                        + "-53.05655,-0.22796\n");
    }

    @Test
    void filesOfBinancesArchiveWithAndWithoutHeader() throws IOException {
        Map<String, String> side = Map.of("true", "sell", "True", "sell", "false", "buy", "False", "buy");
        CsvLayout.Builder trades = CsvLayout.of(Dataset.TRADES.schema())
                .columns("id", "price", "qty", "quote_qty", "time", "is_buyer_maker")
                .times(CsvTimes.BY_MAGNITUDE)
                .from("timestamp", "time")
                .from("local_timestamp", "time")
                .from("amount", "qty")
                .mapped("side", "is_buyer_maker", side);
        run(
                "binance trades",
                Dataset.TRADES,
                trades,
                "",
                "7,1.5,2.0,3,1700000000000,true\n8,1.25,3.0,3,1700000000001,false\n",
                "id,price,qty,quote_qty,time,is_buyer_maker\n7,1.5,2.0,3,1700000000000000,True\n");
        CsvLayout.Builder aggregates = CsvLayout.of(Dataset.AGG_TRADES.schema())
                .columns(
                        "agg_trade_id",
                        "price",
                        "quantity",
                        "first_trade_id",
                        "last_trade_id",
                        "transact_time",
                        "is_buyer_maker")
                .times(CsvTimes.BY_MAGNITUDE)
                .from("timestamp", "transact_time")
                .from("id", "agg_trade_id")
                .from("first_id", "first_trade_id")
                .from("last_id", "last_trade_id")
                .from("amount", "quantity")
                .mapped("side", "is_buyer_maker", side);
        run(
                "binance aggTrades",
                Dataset.AGG_TRADES,
                aggregates,
                "",
                "26129,0.01633102,4.70443515,27781,27781,1498793709153,true\n26130,1,1,-1,-1,1498793709154,false\n");
    }

    private static void tardis(String type, Dataset dataset, String header, String... rows) throws IOException {
        run(type, dataset, CsvLayout.of(dataset.schema()), header, rows);
    }

    private static void run(String type, Dataset dataset, CsvLayout.Builder layout, String header, String... rows)
            throws IOException {
        CsvLayout plain = layout.build();
        CsvLayout strict = plain.columns() == null
                ? layout.constant("exchange", "x").constant("symbol", "BTC").build()
                : plain;
        Series series = new Series(Subject.parse("BINANCE:PERPETUAL:BTC-USDT"), dataset);
        HostileInput target = HostileInput.named("csv of " + type).covering(CsvRows.class);
        for (String some : rows) {
            target.seed(header + some).seed(header + some.repeat(20));
        }
        target.seed(header);
        if (plain.columns() == null) {
            RecordedHeads.of("_" + type).forEach(target::seed);
        }
        target.run((input, choices) -> compared(input, choices.nextBoolean() ? plain : strict, series, choices));
    }

    private static void compared(byte[] input, CsvLayout layout, Series series, Random choices) {
        if (input.length >= 2 && input[0] == 0x1F && input[1] == (byte) 0x8B) {
            return; // that would be gzip, which has tests of its own
        }
        byte[] file = choices.nextInt(4) == 0 ? CsvRowsTest.gzip(input, 1 + choices.nextInt(3)) : input;
        CsvOptions options = CsvOptions.DEFAULT
                .withRowsPerBatch(choices.nextInt(3) == 0 ? 1 + choices.nextInt(40) : 2_000)
                .withMostBadRows(1 << 20)
                .with(CsvThreads.CALLER);
        CsvByLine expected;
        try {
            expected = new CsvByLine(input, layout);
        } catch (CsvByLine.Refused | Corrupt refused) {
            expected = null;
        }
        List<List<String>> all = new ArrayList<>();
        List<QuarantinedRow> quarantined;
        try (CsvRows rows = CsvRows.open(new ByteArrayInputStream(file), layout, series, HostileInput.FILE, options)) {
            while (rows.hasNext()) {
                Batch batch = rows.next();
                for (int row = 0; row < batch.rows(); row++) {
                    all.add(texts(batch, row));
                }
            }
            quarantined = rows.quarantined();
            if (expected != null) {
                assertThat(rows.passedOver()).isEqualTo(expected.passedOver);
            }
        } catch (Corrupt refused) {
            if (expected != null) {
                throw new AssertionError("refused, although it can be read", refused);
            }
            throw refused;
        }
        if (expected == null) {
            throw new AssertionError("read, although it is to be refused");
        }
        // AssertJ's own comparison of long lists takes longer than reading them.
        if (!all.equals(expected.rows)) {
            assertThat(all).isEqualTo(expected.rows);
        }
        List<CsvByLine.Bad> bad = quarantined.stream()
                .map(row -> new CsvByLine.Bad(row.line(), row.column()))
                .sorted(java.util.Comparator.comparingLong(CsvByLine.Bad::line))
                .toList();
        if (!bad.equals(expected.bad)) {
            assertThat(bad).isEqualTo(expected.bad);
        }
        for (QuarantinedRow row : quarantined) {
            if (row.reason().isBlank()
                    || row.reason().equals("null")
                    || row.reason().length() > LONGEST_REASON
                    || !row.file().equals(HostileInput.FILE)) {
                throw new AssertionError("set aside without a reason that can be read: " + row);
            }
        }
    }

    private static List<String> texts(Batch batch, int row) {
        List<String> texts = new ArrayList<>();
        for (Column column : batch.columns()) {
            if (column.isNull(row)) {
                texts.add("null");
            } else if (column instanceof TimeColumn times) {
                texts.add(Long.toString(times.epochMicros(row)));
            } else if (column instanceof DoubleColumn doubles) {
                texts.add(Double.toString(doubles.value(row)));
            } else {
                texts.add(column.text(row));
            }
        }
        return texts;
    }
}
