package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerComparison;
import dev.candlewick.Provenance;
import dev.candlewick.RowDifference;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.SeriesComparison;
import dev.candlewick.Store;
import dev.candlewick.StoreComparison;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoreComparisonTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final TimeRange HOUR = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
    private static final Instant PROVEN = Instant.parse("2024-03-01T00:00:00Z");

    private final MemoryStore left = MemoryStore.create();
    private final MemoryStore right = MemoryStore.create();
    private final StoreComparison comparison = StoreComparison.of(left, right);

    @Test
    void equalStoresAreEqualHoweverTheyWereWritten() {
        write(left, DAY, 0);
        DAY.split(java.time.Duration.ofMinutes(77)).forEach(piece -> write(right, piece, 0));
        SeriesComparison found = comparison.compare(BTC, DAY);
        assertThat(found.isEqual()).isTrue();
        assertThat(found.equal()).isEqualTo(1_440);
        assertThat(found).asString().isEqualTo(BTC + ": equal, 1,440 rows");
        LedgerComparison ledgers = comparison.compareLedgers(BTC, DAY);
        assertThat(ledgers.isEqual()).isTrue();
        assertThat(ledgers).asString().isEqualTo(BTC + ": equal, 1 unit by content hash");
    }

    @Test
    void otherValuesAreCountedByColumnAndShownExactly() {
        write(left, DAY, 0);
        write(right, DAY, 0);
        write(right, HOUR, 1);
        SeriesComparison found = comparison.showing(3).compare(BTC, DAY);
        assertThat(found.equal()).isEqualTo(1_380);
        assertThat(found.differing()).isEqualTo(60);
        assertThat(found.differingByField())
                .containsOnlyKeys("volume", "quote_volume", "trades", "taker_buy_volume", "taker_buy_quote_volume");
        assertThat(found.differingByField()).containsEntry("volume", 60L);
        Batch mine = SyntheticCandles.batch(BTC, HOUR);
        Batch theirs = Rows.join(BTC, SyntheticCandles.batches(BTC, HOUR, 1));
        assertThat(found.differences())
                .hasSize(3)
                .first()
                .isEqualTo(new RowDifference(
                        RowDifference.Kind.VALUE,
                        "open_time 2024-01-01T05:00:00Z",
                        "volume",
                        mine.decimals("volume").text(0),
                        theirs.decimals("volume").text(0)));
        assertThat(found).asString().contains("DIFFERENT, 1,380 rows equal, 60 differing", "volume differs in 60 rows");
        assertThat(comparison.compareLedgers(BTC, DAY).differences()).hasSize(1);
    }

    @Test
    void rowsAndGapsOfOneSideOnlyAreTold() {
        write(left, DAY, 0);
        write(right, DAY, 0);
        Gap outage = new Gap(HOUR, GapReason.VENUE_OUTAGE, "status page", PROVEN, Gap.NEVER);
        right.write(Batches.of(BTC, HOUR, List.of(), new Provenance("v", List.of(), List.of(outage), List.of())));
        TimeRange evening = TimeRange.of("2024-01-01T20:00:00Z", "2024-01-02T00:00:00Z");
        left.write(Batches.of(BTC, evening, List.of(), Provenance.none()));
        SeriesComparison found = comparison.compare(BTC, DAY);
        assertThat(found.onlyLeft()).isEqualTo(60);
        assertThat(found.onlyRight()).isEqualTo(240);
        assertThat(found.gapsOnlyLeft()).containsExactly(Gap.notFetched(evening));
        assertThat(found.gapsOnlyRight()).containsExactly(outage);
        assertThat(found.differences().get(0).kind()).isEqualTo(RowDifference.Kind.ONLY_LEFT);
        assertThat(found.differences().get(0).left()).startsWith("2024-01-01T05:00:00Z, ");
        assertThat(found).asString().contains("280 differences more", "gap only right: " + outage);
    }

    @Test
    void anotherReasonForTheSameHoleIsADifference() {
        Gap outage = new Gap(DAY, GapReason.VENUE_OUTAGE, "status page", PROVEN, Gap.NEVER);
        Gap empty = new Gap(DAY, GapReason.CONFIRMED_EMPTY, "asked", PROVEN, Gap.NEVER);
        left.write(Batches.of(BTC, DAY, List.of(), new Provenance("v", List.of(), List.of(outage), List.of())));
        right.write(Batches.of(BTC, DAY, List.of(), new Provenance("v", List.of(), List.of(empty), List.of())));
        SeriesComparison found = comparison.compare(BTC, DAY);
        assertThat(found.isEqual()).isFalse();
        assertThat(found.gapsOnlyLeft()).containsExactly(outage);
        assertThat(found.gapsOnlyRight()).containsExactly(empty);
        assertThat(comparison.compareLedgers(BTC, DAY).isEqual())
                .as("rows are the same: none")
                .isTrue();
    }

    @Test
    void otherColumnsAreSaidAndTheCommonOnesCompared() {
        Series wider = BTC.with(new Dataset(
                BTC.dataset().name(), BTC.schema().with(Field.int64("extra").orNull()), BTC.cadence()));
        write(left, HOUR, 0);
        Batch rows = SyntheticCandles.batch(BTC, HOUR);
        List<dev.candlewick.Column> columns = new ArrayList<>(rows.columns());
        BatchBuilder extra = new BatchBuilder(wider, rows.rows());
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = 0; i < columns.size(); i++) {
                Rows.copy(columns.get(i), row, extra, i);
            }
            extra.int64(columns.size()).append(row);
            extra.endRow();
        }
        right.write(Batches.of(wider, HOUR, List.of(extra.build()), Provenance.none()));
        SeriesComparison found = comparison.compare(BTC, HOUR);
        assertThat(found.schema()).containsExactly("extra int64? only right");
        assertThat(found.equal()).isEqualTo(60);
        assertThat(found.isEqual()).isFalse();
    }

    @Test
    void aVenueIsComparedWithAStore() {
        SyntheticSource venue =
                new SyntheticSource().withHole(new Gap(HOUR, GapReason.CONFIRMED_EMPTY, "asked", PROVEN, Gap.NEVER));
        left.write(venue.read(BTC, DAY));
        assertThat(StoreComparison.of(venue, left).compare(BTC, DAY)).asString().isEqualTo(BTC + ": equal, 1,380 rows");
        write(left, HOUR, 0);
        SeriesComparison found = StoreComparison.of(venue, left).compare(BTC, DAY);
        assertThat(found.onlyRight()).isEqualTo(60);
        assertThat(found.gapsOnlyLeft()).extracting(Gap::range).containsExactly(HOUR);
        assertThatThrownBy(() -> StoreComparison.of(venue, left).compareLedgers(BTC, DAY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Only stores have ledgers");
    }

    @Test
    void rowsOfOneInstantAreMatchedByKey() {
        Batch rows = RandomRows.events(new Random(4), DAY, 200);
        Batch shuffled = reversedWithinInstants(rows);
        Series events = rows.series();
        left.write(Batches.of(events, DAY, List.of(rows), Provenance.none()));
        right.write(Batches.of(events, DAY, List.of(shuffled), Provenance.none()));
        SeriesComparison found = comparison.compare(events, DAY);
        assertThat(found.equal()).isEqualTo(200);
        assertThat(found.reordered()).isPositive();
        assertThat(found.onlyLeft() + found.onlyRight() + found.differing()).isZero();
        assertThat(found.isEqual()).isFalse();
        assertThat(found).asString().contains("in another order");
    }

    @Test
    void whatIsCountedAddsUpWhateverDiffers() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Batch all = RandomRows.events(random, DAY, 150);
            Series events = all.series();
            List<Integer> mine = new ArrayList<>();
            List<Integer> theirs = new ArrayList<>();
            int shared = 0;
            for (int row = 0; row < all.rows(); row++) {
                int where = random.nextInt(6);
                if (where != 0) {
                    mine.add(row);
                }
                if (where != 1) {
                    theirs.add(row);
                }
                shared += where > 1 ? 1 : 0;
            }
            Store one = MemoryStore.create();
            Store other = MemoryStore.create();
            one.write(Batches.of(events, DAY, List.of(pick(all, mine)), Provenance.none()));
            other.write(Batches.of(events, DAY, List.of(pick(all, theirs)), Provenance.none()));
            SeriesComparison found = StoreComparison.of(one, other).compare(events, DAY);
            assertThat(found.equal()).as("seed %s", seed).isEqualTo(shared);
            assertThat(found.onlyLeft()).isEqualTo(mine.size() - shared);
            assertThat(found.onlyRight()).isEqualTo(theirs.size() - shared);
            assertThat(found.differing() + found.reordered()).isZero();
        }
    }

    @Test
    void aSchemaWithoutAKeyIsComparedByWholeRows() {
        Series keyless = new Series(
                BTC.subject(),
                new Dataset(
                        "notes",
                        new Schema(List.of(Field.time("at"), Field.text("note")), "at", List.of()),
                        dev.candlewick.Cadence.events()));
        left.write(Batches.of(keyless, DAY, List.of(notes(keyless, "a", "b", "b")), Provenance.none()));
        right.write(Batches.of(keyless, DAY, List.of(notes(keyless, "a", "b", "c")), Provenance.none()));
        SeriesComparison found = comparison.compare(keyless, DAY);
        assertThat(List.of(found.equal(), found.onlyLeft(), found.onlyRight())).containsExactly(2L, 1L, 1L);
        assertThat(found.differences().get(1)).asString().contains("note \"b\" only left");
    }

    private static Batch notes(Series series, String... notes) {
        BatchBuilder builder = new BatchBuilder(series, notes.length);
        for (String note : notes) {
            builder.row(DAY.start(), note);
        }
        return builder.build();
    }

    private static Batch pick(Batch batch, List<Integer> rows) {
        BatchBuilder builder = new BatchBuilder(batch.series(), rows.size());
        for (int row : rows) {
            for (int i = 0; i < batch.columns().size(); i++) {
                Rows.copy(batch.columns().get(i), row, builder, i);
            }
            builder.endRow();
        }
        return builder.build();
    }

    private static Batch reversedWithinInstants(Batch batch) {
        List<Integer> order = new ArrayList<>();
        int from = 0;
        for (int row = 1; row <= batch.rows(); row++) {
            if (row == batch.rows()
                    || batch.times().epochMicros(row) != batch.times().epochMicros(from)) {
                for (int back = row - 1; back >= from; back--) {
                    order.add(back);
                }
                from = row;
            }
        }
        return pick(batch, order);
    }

    private static void write(Store store, TimeRange range, int edition) {
        store.write(Batches.of(BTC, range, SyntheticCandles.batches(BTC, range, edition), Provenance.none()));
    }
}
