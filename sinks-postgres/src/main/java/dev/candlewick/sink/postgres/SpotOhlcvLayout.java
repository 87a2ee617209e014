package dev.candlewick.sink.postgres;

import dev.candlewick.ColumnType;
import dev.candlewick.Coverage;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Interval;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.ledger.UnitRecord;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code spot_ohlcv} with a second table for what it has no column for, and {@code backfill_state}. */
final class SpotOhlcvLayout extends PostgresLayout {

    private static final String CANDLES = "spot_ohlcv";
    private static final String REST = "candlewick_spot_ohlcv";
    private static final String STATE = "backfill_state";
    private static final int MOST_ASSET_CHARACTERS = 20;
    private static final List<String> COLUMNS = List.of("open", "high", "low", "close", "volume");
    private static final ColumnType.Decimal PRICE = new ColumnType.Decimal(20, 8);
    private static final ColumnType.Decimal VOLUME = new ColumnType.Decimal(30, 8);

    private final Dataset dataset;
    private final Function<Subject, String> assets;

    SpotOhlcvLayout(Interval interval, Function<Subject, String> assets) {
        this.dataset = Dataset.candles(interval);
        this.assets = assets;
    }

    /** {@code BTC} for {@code BINANCE:SPOT_PAIR:BTC-USDT}. */
    static String baseOfUsdtPair(Subject subject) {
        String code = subject.code();
        if (!subject.kind().equals("SPOT_PAIR") || !code.endsWith("-USDT")) {
            throw new Refused("The layout spot_ohlcv names assets by the base of their USDT spot pair; " + subject
                    + " is none. Give the layout a function that names it, or use another layout");
        }
        return code.substring(0, code.length() - "-USDT".length());
    }

    private String asset(Subject subject) {
        String asset = assets.apply(subject);
        if (asset.isEmpty() || asset.length() > MOST_ASSET_CHARACTERS) {
            throw new Refused("The asset '" + asset + "' of " + subject + " does not fit the column asset of " + CANDLES
                    + ", which takes 1 to " + MOST_ASSET_CHARACTERS + " characters");
        }
        return asset;
    }

    @Override
    String id() {
        return "spot-ohlcv";
    }

    @Override
    String defaultSchema() {
        return "public";
    }

    @Override
    boolean isOpen() {
        return false;
    }

    @Override
    Optional<String> refusal(Series series) {
        if (!series.dataset().equals(dataset)) {
            return Optional.of("the layout " + id() + " holds " + dataset + " only");
        }
        try {
            asset(series.subject());
            return Optional.empty();
        } catch (Refused nameless) {
            return Optional.of(String.valueOf(nameless.getMessage()));
        }
    }

    @Override
    String tableName(Dataset asked) {
        return CANDLES;
    }

    @Override
    RowTables tables(String schema, Dataset asked, String table) {
        Schema columns = dataset.schema();
        List<TablePart.Stored> here = new ArrayList<>();
        List<TablePart.Stored> rest = new ArrayList<>();
        for (int i = 0; i < columns.fields().size(); i++) {
            Field field = columns.fields().get(i);
            if (COLUMNS.contains(field.name())) {
                here.add(new TablePart.Stored(i, field.name(), narrower(field)));
            } else if (!field.name().equals(columns.time())) {
                rest.add(new TablePart.Stored(i, field.name(), Optional.empty()));
            }
        }
        return new RowTables(
                dataset,
                List.of(
                        new TablePart(schema, table, "asset", "timestamp", Optional.empty(), here, true),
                        new TablePart(schema, REST, "asset", "timestamp", Optional.empty(), rest, false)),
                this::asset);
    }

    private static Optional<ColumnType.Decimal> narrower(Field field) {
        ColumnType.Decimal there = type(field);
        return field.type() instanceof ColumnType.Decimal ours && ours.precision() > there.precision()
                ? Optional.of(there)
                : Optional.empty();
    }

    private static ColumnType.Decimal type(Field field) {
        return field.name().equals("volume") ? VOLUME : PRICE;
    }

    @Override
    List<TableShape.Column> columns(TablePart part, Dataset asked) {
        List<TableShape.Column> columns = new ArrayList<>();
        columns.add(new TableShape.Column("asset", "character varying(" + MOST_ASSET_CHARACTERS + ")", true));
        columns.add(new TableShape.Column("timestamp", type(new ColumnType.Time()), true));
        for (TablePart.Stored stored : part.stored()) {
            Field field = dataset.schema().fields().get(stored.field());
            columns.add(
                    new TableShape.Column(stored.column(), type(part.strangers() ? type(field) : field.type()), true));
        }
        return columns;
    }

    @Override
    String create(TablePart part, Dataset asked) {
        if (!part.strangers()) {
            return TableShape.create(part, columns(part, asked));
        }
        return """
                CREATE TABLE %s (
                  id serial PRIMARY KEY,
                  asset varchar(20) NOT NULL,
                  "timestamp" timestamp with time zone NOT NULL,
                  open numeric(20, 8) NOT NULL,
                  high numeric(20, 8) NOT NULL,
                  low numeric(20, 8) NOT NULL,
                  close numeric(20, 8) NOT NULL,
                  volume numeric(30, 8) NOT NULL,
                  UNIQUE (asset, "timestamp")
                )""".formatted(part.name());
    }

    @Override
    Map<String, String> extras(RowTables tables) {
        TablePart candles = tables.first();
        Map<String, String> extras = new LinkedHashMap<>();
        extras.put(
                Sql.name(candles.schema(), "idx_asset_timestamp"),
                "CREATE INDEX idx_asset_timestamp ON " + candles.name() + " (asset, \"timestamp\" DESC)");
        extras.put(Sql.name(candles.schema(), STATE), """
                CREATE TABLE %s (
                  asset varchar(20) PRIMARY KEY,
                  completed boolean DEFAULT false,
                  last_fetched_timestamp timestamp with time zone,
                  updated_at timestamp with time zone DEFAULT now()
                )""".formatted(Sql.name(candles.schema(), STATE)));
        return extras;
    }

    @Override
    void tell(Transaction transaction, Series series, RowTables tables, Ledger ledger, Instant now)
            throws SQLException {
        List<LedgerEntry> entries =
                ledger.all(transaction, series).stream().map(UnitRecord::entry).toList();
        Optional<OffsetDateTime> last = transaction
                .query(
                        "SELECT max(p0.\"timestamp\") FROM " + tables.joined() + " WHERE p0.asset = ?",
                        row -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)),
                        tables.label(series))
                .get(0);
        String state = Sql.name(tables.first().schema(), STATE);
        if (last.isEmpty()) {
            transaction.update("DELETE FROM " + state + " WHERE asset = ?", tables.label(series));
            return;
        }
        transaction.update(
                "INSERT INTO " + state + " (asset, completed, last_fetched_timestamp, updated_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (asset) DO UPDATE SET completed = excluded.completed,"
                        + " last_fetched_timestamp = excluded.last_fetched_timestamp, updated_at = excluded.updated_at",
                tables.label(series),
                isComplete(series, entries),
                last.get(),
                now.atOffset(ZoneOffset.UTC));
    }

    private static boolean isComplete(Series series, List<LedgerEntry> entries) {
        List<TimeRange> present = entries.stream()
                .flatMap(entry -> entry.present().asList().stream())
                .sorted()
                .toList();
        if (present.isEmpty()) {
            return false;
        }
        TimeRange all = present.get(0).span(present.get(present.size() - 1));
        return Coverage.of(series, all, entries).isComplete();
    }
}
