package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.ColumnType;
import dev.candlewick.ContentHash;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Interval;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.RowDifference;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.SeriesComparison;
import dev.candlewick.Store;
import dev.candlewick.StoreComparison;
import dev.candlewick.StoreCopy;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The part of the contract that is about what rows are made of. */
abstract class StoreTypesContract extends StoreTestBed {

    private static final TimeRange HOUR = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z");

    /**
     * Makes the store narrower than a series' schema, where that can be: a table that somebody made with fewer digits, say.
     * Gives rows of which the last one does not fit; empty where every row of a schema fits, as it does unless told
     * otherwise.
     */
    protected Optional<Batch> lastRowDoesNotFit(Store open) throws Exception {
        return Optional.empty();
    }

    /**
     * Damages what the store holds of a unit behind its back: a value changed in a file or a table. Gives whether that was
     * done; it is not unless told otherwise.
     */
    protected boolean damageRows(Store open, Series series, TimeRange unit) throws Exception {
        return false;
    }

    @Test
    void aRowThatDoesNotFitIsNamedAndNothingIsWritten() throws Exception {
        Optional<Batch> rows = lastRowDoesNotFit(store);
        if (rows.isEmpty()) {
            return;
        }
        Series series = rows.get().series();
        Instant last =
                TimeRange.instant(rows.get().times().epochMicros(rows.get().rows() - 1));
        TimeRange range = series.cadence().unit().containing(last);
        assertThatThrownBy(() -> store.write(Batches.of(series, range, List.of(rows.get()), Provenance.none())))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(last.toString());
        assertThat(store.ledger(series, range)).isEmpty();
        assertThat(Rows.of(store, series, range)).isEmpty();
    }

    @Test
    void damagedRowsAreNotCalledSound() throws Exception {
        write(BTC, MONTHS_BORDER, 0);
        TimeRange january = TimeRange.month("2024-01");
        if (!damageRows(store, BTC, january)) {
            return;
        }
        store = reopen(store);
        VerifyReport report = store.verify();
        assertThat(report.isSound()).isFalse();
        assertThat(report.refetch()).containsExactly(new VerifyReport.Unit(BTC, january));
        report.refetch().forEach(unit -> store.forget(unit.series(), unit.range()));
        write(BTC, MONTHS_BORDER, 0);
        assertThat(store.verify().isSound()).isTrue();
        assertThat(Rows.of(store, BTC, MONTHS_BORDER)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, MONTHS_BORDER)));
    }

    @Test
    void everyKindOfDriftIsRefusedNamingIt() {
        List<Field> fields = BTC.schema().fields();
        write(BTC, HOUR, 0);
        List<Schema> drifts = new ArrayList<>();
        drifts.add(schema(replaced(fields, 5, Field.decimal("volume", 38, 10)), "open_time"));
        drifts.add(schema(replaced(fields, 5, Field.decimal("volume", 37, 8)), "open_time"));
        drifts.add(schema(replaced(fields, 5, Field.float64("volume")), "open_time"));
        drifts.add(schema(replaced(fields, 5, fields.get(5).orNull()), "open_time"));
        drifts.add(schema(replaced(fields, 5, Field.decimal("volumes", 38, 8)), "open_time"));
        drifts.add(schema(replaced(replaced(fields, 2, fields.get(3)), 3, fields.get(2)), "open_time"));
        drifts.add(schema(fields.subList(0, 10), "open_time"));
        drifts.add(new Schema(fields, "close_time", List.of("close_time")));
        drifts.add(new Schema(fields, "open_time", List.of("open_time", "trades")));
        for (Schema drift : drifts) {
            Series drifted = BTC.with(new Dataset(BTC.dataset().name(), drift, BTC.cadence()));
            assertThatThrownBy(() -> store.open(drifted, HOUR))
                    .as("%s", drift)
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("BTC-USDT");
        }
        assertThat(Rows.of(store, BTC, HOUR)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, HOUR)));
        assertThat(store.series()).containsExactly(BTC);
    }

    @Test
    void smallPricesAndLongQuantitiesAreExact() throws Exception {
        BatchBuilder builder = new BatchBuilder(BTC, 3);
        Instant open = HOUR.start();
        for (String[] row : List.of(
                new String[] {"0.00000001", "999999999999999999"},
                new String[] {"0.00000123", "123456789012345678.12345678"},
                new String[] {"9999999999.99999999", "0.00000001"})) {
            builder.row(open, row[0], row[0], row[0], row[0], row[1], open, row[1], 1L, row[1], row[1]);
            open = open.plusSeconds(60);
        }
        Batch batch = builder.build();
        store.write(Batches.of(BTC, HOUR, List.of(batch), Provenance.none()));
        store = reopen(store);
        Batch read = Rows.join(BTC, Rows.read(store, BTC, HOUR));
        assertThat(read.decimals("close").get(0)).isEqualTo(new BigDecimal("0.00000001"));
        assertThat(read.decimals("volume").get(1)).isEqualTo(new BigDecimal("123456789012345678.12345678"));
        assertThat(Rows.of(List.of(read))).isEqualTo(Rows.of(List.of(batch)));
    }

    @Test
    void twoHundredColumnsAreNoneTooMany() throws Exception {
        List<Field> fields = new ArrayList<>(List.of(Field.time("open_time")));
        for (int i = 0; i < 199; i++) {
            fields.add(Field.float64("feature_" + i).orNull());
        }
        Series series = new Series(
                BTC.subject(),
                new Dataset("wide_features", schema(fields, "open_time"), Cadence.every(Interval.parse("1m"))));
        Random random = new Random(7);
        BatchBuilder builder = new BatchBuilder(series, 60);
        for (long open = HOUR.startMicros(); open < HOUR.endMicros(); open += 60_000_000) {
            builder.time(0).append(open);
            for (int i = 1; i < fields.size(); i++) {
                if (random.nextInt(10) == 0) {
                    builder.float64(i).appendNull();
                } else {
                    builder.float64(i).append(random.nextGaussian());
                }
            }
            builder.endRow();
        }
        Batch batch = builder.build();
        store.write(Batches.of(series, HOUR, List.of(batch), Provenance.none()));
        store = reopen(store);
        assertThat(Rows.hash(store, series, HOUR)).isEqualTo(ContentHash.of(series.schema(), List.of(batch)));
        assertThat(store.coverage(series, HOUR).isComplete()).isTrue();
        assertThat(store.series()).containsExactly(series);
    }

    @Test
    void datasetsOfOneSubjectDoNotMix() {
        Series minutes = BTC;
        Series hours = Series.candles(BTC.subject().toString(), "1h");
        write(minutes, DAY, 0);
        write(hours, DAY, 0);
        Batch events = RandomRows.events(new Random(3), DAY, 40);
        Series random = events.series();
        store.write(Batches.of(random, DAY, List.of(events), Provenance.none()));
        assertThat(Rows.of(store, minutes, DAY)).hasSize(1_440);
        assertThat(Rows.of(store, hours, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(hours, DAY)));
        assertThat(Rows.of(store, random, DAY)).isEqualTo(Rows.of(List.of(events)));
        store.forget(hours, DAY);
        assertThat(store.series()).containsExactlyInAnyOrder(minutes, random);
        assertThat(Rows.of(store, minutes, DAY)).hasSize(1_440);
    }

    @Test
    void timesFarAwayComeBackOrAreRefusedNamingTheRow() throws Exception {
        for (String far : List.of(
                "0001-01-01T00:00:00Z",
                "1899-12-31T23:59:59.999999Z",
                "1969-12-31T23:59:59.999999Z",
                "2299-12-31T23:59:59.999999Z",
                "9999-12-30T23:59:59.999999Z")) {
            TimeRange day = DAY;
            Batch batch = new BatchBuilder(EVENTS, 1)
                    .row(day.start(), Instant.parse(far), "1", 1L, 1.0, true, far)
                    .build();
            try {
                store.write(Batches.of(EVENTS, day, List.of(batch), Provenance.none()));
            } catch (Refused refused) {
                assertThat(refused).hasMessageContaining("seen").hasMessageContaining("2024-01-01T00:00:00Z");
                continue;
            }
            assertThat(Rows.of(store, EVENTS, day)).isEqualTo(Rows.of(List.of(batch)));
        }
    }

    @Test
    void rowsAfterARefusedOneAreNotThere() throws Exception {
        Batch good = RandomRows.events(new Random(5), DAY, 10);
        Series series = good.series();
        store.write(Batches.of(series, DAY, List.of(good), Provenance.none()));
        List<LedgerEntry> before = store.ledger(series, DAY);
        TimeRange noon = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T12:00:00Z");
        assertThatThrownBy(() -> store.write(Batches.of(
                        series, noon, List.of(RandomRows.batch(new Random(6), series, DAY, 500)), Provenance.none())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.ledger(series, DAY)).isEqualTo(before);
        assertThat(Rows.of(store, series, DAY)).isEqualTo(Rows.of(List.of(good)));
    }

    @Test
    void theLatestRowFollowsEveryChange() throws Exception {
        TimeRange two = TimeRange.of("2024-01-31T00:00:00Z", "2024-02-02T00:00:00Z");
        assertThat(store.latest(BTC)).isEmpty();
        write(BTC, two, 0);
        write(BTC, two, 1);
        assertLatest(SyntheticCandles.batches(BTC, two, 1));
        TimeRange february = TimeRange.of("2024-02-01T00:00:00Z", "2024-02-02T00:00:00Z");
        store.write(Batches.of(BTC, february, List.of(), Provenance.none()));
        assertLatest(SyntheticCandles.batches(BTC, TimeRange.day("2024-01-31"), 1));
        store = reopen(store);
        assertLatest(SyntheticCandles.batches(BTC, TimeRange.day("2024-01-31"), 1));
        write(BTC, TimeRange.day("2023-05-05"), 0);
        assertLatest(SyntheticCandles.batches(BTC, TimeRange.day("2024-01-31"), 1));
        store.forget(BTC, TimeRange.day("2024-01-31"));
        assertLatest(SyntheticCandles.batches(BTC, TimeRange.day("2023-05-05")));
        store.forget(BTC, TimeRange.day("2023-05-05"));
        assertThat(store.latest(BTC)).isEmpty();
        assertThat(store.latest(Series.candles("BINANCE:SPOT_PAIR:NO-USDT", "1m")))
                .isEmpty();
    }

    @Test
    void theLatestOfSeveralRowsOfOneInstantIsTheLastWritten() {
        BatchBuilder builder = new BatchBuilder(EVENTS, 3);
        for (int i = 0; i < 3; i++) {
            builder.row(DAY.start(), DAY.start(), "1", (long) i, 1.0, true, "event " + i);
        }
        Batch batch = builder.build();
        store.write(Batches.of(EVENTS, DAY, List.of(batch), Provenance.none()));
        assertThat(Rows.of(List.of(store.latest(EVENTS).orElseThrow()))).isEqualTo(Rows.of(List.of(batch.slice(2, 3))));
    }

    @Test
    void copiedToMemoryAndBackItIsTheSameStore() throws Exception {
        SyntheticSource venue = new SyntheticSource();
        store.write(venue.read(BTC, MONTHS_BORDER));
        Batch events = RandomRows.events(new Random(11), HOUR, 60);
        store.write(Batches.of(events.series(), HOUR, List.of(events), Provenance.none()));
        Store memory = MemoryStore.create();
        assertThat(StoreCopy.from(store).to(memory).build().copy(store.series()).failed())
                .isEmpty();
        List<Series> all = store.series();
        for (Series series : all) {
            List<LedgerEntry> before = store.ledger(series, EVER);
            store.forget(series, EVER);
            assertThat(StoreCopy.from(memory)
                            .to(store)
                            .build()
                            .copy(List.of(series))
                            .failed())
                    .isEmpty();
            store = reopen(store);
            assertSameRows(store.ledger(series, EVER), before);
            assertThat(StoreComparison.of(memory, store).compare(series, EVER).isEqual())
                    .isTrue();
            assertThat(StoreCopy.from(memory)
                            .to(store)
                            .build()
                            .plan(List.of(series))
                            .isEmpty())
                    .isTrue();
        }
        assertThat(store.series()).isEqualTo(all);
    }

    @Test
    void aPlantedDifferenceIsFoundInEveryColumn() {
        Batch rows = RandomRows.events(new Random(13), HOUR, 30);
        Series series = rows.series();
        store.write(Batches.of(series, HOUR, List.of(rows), Provenance.none()));
        for (int column = 1; column < rows.columns().size(); column++) {
            Store other = MemoryStore.create();
            int row = 3 + column;
            Batch planted = planted(rows, row, column);
            other.write(Batches.of(series, HOUR, List.of(planted), Provenance.none()));
            SeriesComparison found = StoreComparison.of(store, other).compare(series, HOUR);
            String name = series.schema().names().get(column);
            assertThat(found.isEqual()).as(name).isFalse();
            if (series.schema().key().contains(name)) {
                assertThat(found.onlyLeft()).isEqualTo(1);
                assertThat(found.onlyRight()).isEqualTo(1);
            } else {
                assertThat(found.differingByField()).as(name).containsOnlyKeys(name);
                assertThat(found.differences()).singleElement().satisfies(difference -> {
                    assertThat(difference.kind()).isEqualTo(RowDifference.Kind.VALUE);
                    assertThat(difference.field()).isEqualTo(name);
                    assertThat(difference.row()).contains(rows.times().text(row));
                });
            }
            assertThat(StoreComparison.of(store, other)
                            .compareLedgers(series, HOUR)
                            .isEqual())
                    .isFalse();
        }
    }

    @Test
    void otherColumnsUnderTheSameNameAreTold() throws Exception {
        Series wider =
                BTC.with(new Dataset(BTC.dataset().name(), BTC.schema().with(Field.int64("extra")), BTC.cadence()));
        Batch rows = SyntheticCandles.batch(BTC, HOUR);
        BatchBuilder builder = new BatchBuilder(wider, rows.rows());
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = 0; i < rows.columns().size(); i++) {
                Rows.copy(rows.columns().get(i), row, builder, i);
            }
            builder.int64(rows.columns().size()).append(row);
            builder.endRow();
        }
        store.write(Batches.of(wider, HOUR, List.of(builder.build()), Provenance.none()));
        store = reopen(store);
        Store plain = MemoryStore.create();
        plain.write(Batches.of(BTC, HOUR, List.of(rows), Provenance.none()));
        SeriesComparison found = StoreComparison.of(plain, store).compare(BTC, HOUR);
        assertThat(found.schema()).containsExactly("extra int64 only right");
        assertThat(found.equal()).isEqualTo(60);
        assertThat(found.isEqual()).isFalse();
        assertThat(StoreCopy.from(plain).to(store).build().copy(BTC, HOUR).failed())
                .singleElement()
                .satisfies(failed -> assertThat(failed.cause()).isInstanceOf(Refused.class));
    }

    @Test
    void randomRowsOfRandomSchemasComeBack() throws Exception {
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            Series series = RandomRows.series(random, "s" + seed);
            TimeRange days = TimeRange.of("2024-01-01", "2024-01-04");
            List<TimeRange> units = series.cadence().unit().touching(days);
            List<Batch> expected = new ArrayList<>();
            for (int write = 0; write < 6; write++) {
                long start =
                        days.startMicros() + random.nextLong(days.duration().toSeconds()) * 1_000_000L;
                long length = 1 + random.nextLong(days.endMicros() - start);
                TimeRange range = TimeRange.ofEpochMicros(start, start + length);
                Batch rows = RandomRows.batch(random, series, range, random.nextInt(200));
                int cut = random.nextInt(rows.rows() + 1);
                store.write(Batches.of(
                        series, range, List.of(rows.slice(0, cut), rows.slice(cut, rows.rows())), Provenance.none()));
                expected = replaced(expected, range, rows);
                TimeRange asked = write % 2 == 0 ? days : range;
                List<Batch> inside = expected.stream()
                        .map(batch -> batch.within(asked))
                        .filter(batch -> batch.rows() > 0)
                        .toList();
                assertThat(Rows.of(store, series, asked))
                        .as("seed %s, write %s of %s", seed, write, series.schema())
                        .isEqualTo(Rows.of(inside));
                assertThat(Rows.hash(store, series, asked)).isEqualTo(ContentHash.of(series.schema(), inside));
            }
            store = reopen(store);
            assertThat(Rows.of(store, series, days)).isEqualTo(Rows.of(expected));
            assertThat(store.series()).contains(series);
            for (LedgerEntry entry : store.ledger(series, days)) {
                assertThat(units).contains(entry.unit());
                assertThat(entry.contentHash()).isEqualTo(Rows.hash(store, series, entry.unit()));
            }
            assertThat(store.verify(series).isSound()).isTrue();
        }
    }

    private void assertLatest(List<Batch> rows) {
        Batch last = rows.get(rows.size() - 1);
        assertThat(Rows.of(List.of(store.latest(BTC).orElseThrow())))
                .isEqualTo(Rows.of(List.of(last.slice(last.rows() - 1, last.rows()))));
    }

    /** What a series holds once a range holds other rows. */
    private static List<Batch> replaced(List<Batch> rows, TimeRange range, Batch with) {
        List<Batch> now = new ArrayList<>();
        rows.forEach(batch -> now.add(batch.slice(0, batch.firstRowFrom(range.startMicros()))));
        now.add(with);
        rows.forEach(batch -> now.add(batch.slice(batch.firstRowFrom(range.endMicros()), batch.rows())));
        return now.stream().filter(batch -> batch.rows() > 0).toList();
    }

    private static List<Field> replaced(List<Field> fields, int at, Field with) {
        List<Field> now = new ArrayList<>(fields);
        now.set(at, with);
        return now;
    }

    private static Schema schema(List<Field> fields, String time) {
        return new Schema(fields, time, List.of(time));
    }

    private static Batch planted(Batch rows, int row, int column) {
        BatchBuilder builder = new BatchBuilder(rows.series(), rows.rows());
        for (int at = 0; at < rows.rows(); at++) {
            for (int i = 0; i < rows.columns().size(); i++) {
                if (at == row && i == column) {
                    plant(rows, row, builder, column);
                } else {
                    Rows.copy(rows.columns().get(i), at, builder, i);
                }
            }
            builder.endRow();
        }
        return builder.build();
    }

    private static void plant(Batch rows, int row, BatchBuilder builder, int column) {
        Field field = rows.series().schema().fields().get(column);
        boolean missing = rows.columns().get(column).isNull(row);
        if (field.type() instanceof ColumnType.Time) {
            builder.time(column).append(missing ? 0 : rows.times(field.name()).epochMicros(row) + 1);
        } else if (field.type() instanceof ColumnType.Decimal decimal) {
            BigDecimal smallest = BigDecimal.ONE.movePointLeft(decimal.scale());
            BigDecimal value =
                    missing ? BigDecimal.ZERO : rows.decimals(field.name()).get(row);
            builder.decimal(column).append(value.signum() > 0 ? value.subtract(smallest) : value.add(smallest));
        } else if (field.type() instanceof ColumnType.Int64) {
            builder.int64(column).append(missing ? 0 : rows.longs(field.name()).value(row) ^ 1 << 20);
        } else if (field.type() instanceof ColumnType.Float64) {
            double value = missing ? 0 : rows.doubles(field.name()).value(row);
            builder.float64(column).append(value == 0 ? 1e-300 : -value == value || Double.isNaN(value) ? 7 : -value);
        } else if (field.type() instanceof ColumnType.Bool) {
            builder.bool(column).append(!missing && !rows.booleans(field.name()).value(row));
        } else {
            builder.text(column).append(missing ? "" : rows.texts(field.name()).value(row) + " ");
        }
    }
}
