package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.csv.CsvLayout;
import dev.candlewick.csv.CsvOptions;
import dev.candlewick.csv.CsvRows;
import dev.candlewick.csv.CsvTimes;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The columns of Binance's large files. Headers came and went over the years, the columns did not change; only spot has one
 * more. Futures' archives hold market trades only, so that there is nothing to leave out. For one thread, but for close.
 */
final class TickCsv implements AutoCloseable {

    /** The number that Binance gives a row, beside the columns of the dataset. */
    static final String NUMBER = "number";

    private static final Map<String, String> TAKER_SIDE =
            Map.of("true", "sell", "True", "sell", "TRUE", "sell", "false", "buy", "False", "buy", "FALSE", "buy");

    private final CsvRows rows;

    private TickCsv(CsvRows rows) {
        this.rows = rows;
    }

    static TickCsv open(TickKind kind, Market market, Series series, InputStream csv, String file) {
        Schema schema = kind.isNumbered() ? series.schema().with(Field.int64(NUMBER)) : series.schema();
        Series numbered = kind.isNumbered()
                ? series.with(new Dataset(series.dataset().name() + ":" + NUMBER, schema, series.cadence()))
                : series;
        return new TickCsv(CsvRows.open(csv, layout(kind, market, schema), numbered, file, CsvOptions.DEFAULT));
    }

    /** The place of the column that rows are ordered by. */
    static int timeColumn(TickKind kind) {
        return kind == TickKind.TRADES ? 4 : 5;
    }

    /** The rows without their number. */
    static Batch plain(Series series, Batch numbered) {
        return Batch.of(
                series, numbered.columns().subList(0, series.schema().fields().size()));
    }

    @Nullable
    Batch next() {
        return rows.hasNext() ? rows.next() : null;
    }

    List<QuarantinedRow> quarantined() {
        return rows.quarantined();
    }

    @Override
    public void close() {
        rows.close();
    }

    private static CsvLayout layout(TickKind kind, Market market, Schema schema) {
        CsvLayout.Builder layout = CsvLayout.of(schema).times(CsvTimes.BY_MAGNITUDE);
        boolean spot = market == Market.SPOT;
        return switch (kind) {
            case TRADES ->
                columns(
                                layout,
                                spot,
                                "id",
                                "price",
                                "qty",
                                market == Market.COIN_MARGINED ? "base_qty" : "quote_qty",
                                "time",
                                "is_buyer_maker")
                        .from("timestamp", "time")
                        .from("local_timestamp", "time")
                        .from("amount", "qty")
                        .from(NUMBER, "id")
                        .mapped("side", "is_buyer_maker", TAKER_SIDE)
                        .build();
            case AGG_TRADES ->
                columns(
                                layout,
                                spot,
                                "agg_trade_id",
                                "price",
                                "quantity",
                                "first_trade_id",
                                "last_trade_id",
                                "transact_time",
                                "is_buyer_maker")
                        .from("timestamp", "transact_time")
                        .from("id", "agg_trade_id")
                        .from("first_id", "first_trade_id")
                        .from("last_id", "last_trade_id")
                        .from("amount", "quantity")
                        .from(NUMBER, "agg_trade_id")
                        .mapped("side", "is_buyer_maker", TAKER_SIDE)
                        .build();
            case BOOK_TICKER ->
                layout.columns(
                                "update_id",
                                "best_bid_price",
                                "best_bid_qty",
                                "best_ask_price",
                                "best_ask_qty",
                                "transaction_time",
                                "event_time")
                        .from("timestamp", "transaction_time")
                        .from("local_timestamp", "transaction_time")
                        .from("ask_amount", "best_ask_qty")
                        .from("ask_price", "best_ask_price")
                        .from("bid_price", "best_bid_price")
                        .from("bid_amount", "best_bid_qty")
                        .build();
            default -> throw new IllegalArgumentException(kind + " has small files");
        };
    }

    private static CsvLayout.Builder columns(CsvLayout.Builder layout, boolean spot, String... names) {
        if (!spot) {
            return layout.columns(names);
        }
        String[] more = java.util.Arrays.copyOf(names, names.length + 1);
        more[names.length] = "is_best_match";
        return layout.columns(more);
    }
}
