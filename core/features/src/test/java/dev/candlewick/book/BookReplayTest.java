package dev.candlewick.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.testkit.MemoryStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The rules of recorded books, by hand and against a book of tree maps. */
class BookReplayTest {

    private static final Series CHANGES = RecordedTicks.series("venue", Dataset.BOOK_CHANGES);
    private static final TimeRange DAY = TimeRange.day("2024-08-08");
    private static final long MIDNIGHT = DAY.startMicros();

    private final BatchBuilder rows = new BatchBuilder(CHANGES, 16);

    @Test
    void rowsBeforeTheFirstSnapshotTellNothing() {
        change(1, false, "bid", "100", "1");
        snapshotOf(2, "99", "101");

        BookReplay replay = replay();

        assertThat(replay.skippedRows()).isOne();
        assertThat(replay.book().levels(Side.BID)).containsExactly(level("99", "1"));
    }

    @Test
    void aSnapshotEmptiesTheBookOnceAndNotOnEachOfItsRows() {
        snapshotOf(1, "99", "101");
        change(2, false, "bid", "98", "5");
        change(3, true, "bid", "97", "1");
        change(3, true, "bid", "96", "2");
        change(3, true, "ask", "102", "0");

        BookReplay replay = replay();

        assertThat(replay.book().levels(Side.BID)).containsExactly(level("97", "1"), level("96", "2"));
        assertThat(replay.book().size(Side.ASK)).isZero();
        assertThat(replay.snapshots()).isEqualTo(2);
    }

    @Test
    void aMessageIsShownWhenItIsWholeAndNotWhileItLooksCrossed() {
        snapshotOf(1, "99", "101");
        change(2, false, "bid", "102", "1");
        change(2, false, "ask", "101", "0");
        change(2, false, "ask", "103", "1");

        List<Batch> shown = books("book:1", DAY);

        assertThat(prices(shown)).containsExactly("101/99", "103/102");
        assertThat(replay().crossings()).isZero();
    }

    @Test
    void aCrossedBookGivesWayWhereTheMessageDidNotTouchIt() {
        snapshotOf(1, "99", "101");
        change(2, false, "ask", "98", "1");
        assertThat(replay().book().levels(Side.BID)).isEmpty();

        snapshotOf(3, "99", "101");
        change(4, false, "bid", "101.5", "1");
        BookReplay replay = replay();
        assertThat(replay.book().levels(Side.ASK)).isEmpty();
        assertThat(replay.book().levels(Side.BID)).hasSize(2);
        assertThat(replay.crossings()).isOne();
    }

    @Test
    void onlyChangesOfTheTrackedLevelsGiveRows() {
        snapshotOf(1, "99", "101");
        change(2, false, "bid", "98", "1");
        change(3, false, "bid", "99", "1");
        change(4, false, "bid", "99", "2");
        change(5, false, "bid", "99", "3");
        change(5, false, "bid", "99", "2");

        assertThat(prices(books("quotes", DAY))).hasSize(2);
    }

    @Test
    void numbersBeyondSixtyFourBitsStayExactAndInOrder() {
        change(1, true, "bid", "61000000.000000000001", "1");
        change(1, true, "bid", "99", "12345678901234567890.5");
        change(1, true, "bid", "61000000.000000000002", "2");
        change(1, true, "ask", "61000001", "1");
        change(1, true, "ask", "-5", "0");
        change(2, false, "ask", "61000000.5", "10000000");

        OrderBook book = replay().book();

        assertThat(book.levels(Side.BID))
                .containsExactly(
                        level("61000000.000000000002", "2"),
                        level("61000000.000000000001", "1"),
                        level("99", "12345678901234567890.5"));
        assertThat(book.levels(Side.ASK)).containsExactly(level("61000000.5", "10000000"), level("61000001", "1"));
    }

    @Test
    void aRowThatIsNeitherBidNorAskIsCorrupt() {
        change(1, true, "buy", "99", "1");

        assertThatThrownBy(this::replay).isInstanceOf(Corrupt.class).hasMessageContaining("side 'buy'");
    }

    @Test
    void aNegativeAmountIsCorrupt() {
        change(1, true, "bid", "99", "-1");

        assertThatThrownBy(this::replay).isInstanceOf(Corrupt.class).hasMessageContaining("negative: -1");
    }

    @Test
    void aSnapshotInTheMidstSaysThatTheRecorderHadBeenAway() {
        snapshotOf(1, "99", "101");
        change(2, false, "bid", "99", "2");
        snapshotOf(5, "99", "101");

        List<Gap> gaps = gaps("book:1", List.of(), DAY);

        assertThat(gaps).hasSize(2);
        assertThat(gaps.get(0).range()).isEqualTo(TimeRange.ofEpochMicros(MIDNIGHT, at(1)));
        assertThat(gaps.get(1).range()).isEqualTo(TimeRange.ofEpochMicros(at(2) + 1, at(5)));
        assertThat(gaps.get(1).reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
        assertThat(gaps.get(1).evidence()).contains("disconnected");
        assertThat(prices(books("book:1", DAY))).hasSize(3);
    }

    @Test
    void midnightForgetsTheBookSoThatADayReadAloneSaysTheSame() {
        snapshotOf(1, "99", "101");
        long day = Duration.ofDays(1).toSeconds();
        change(day + 1, false, "bid", "100", "1");
        snapshotOf(day + 2, "98", "102");
        change(day + 3, false, "bid", "99", "1");
        TimeRange both = TimeRange.of("2024-08-08", "2024-08-10");
        TimeRange second = TimeRange.day("2024-08-09");

        List<String> alone = prices(books("book:1", second));

        assertThat(alone).containsExactly("102/98", "102/99");
        assertThat(prices(books("book:1", both))).containsExactly("101/99", "102/98", "102/99");
        assertThat(gaps("book:1", List.of(), both))
                .containsAll(gaps("book:1", List.of(), second))
                .hasSize(2);
    }

    @Test
    void aRangeFromTheMidstOfADayBeginsWithWhatChangedThere() {
        snapshotOf(1, "99", "101");
        change(10, false, "bid", "100", "1");
        change(20, false, "ask", "100.5", "1");

        TimeRange later = TimeRange.ofEpochMicros(at(15), DAY.endMicros());

        assertThat(prices(books("book:1", later))).containsExactly("100.5/100");
        assertThat(gaps("book:1", List.of(), later)).isEmpty();
    }

    @Test
    void whatTheChangesLackIsToldWithTheirReason() {
        snapshotOf(1, "99", "101");
        TimeRange outage = TimeRange.ofEpochMicros(at(100), at(200));
        Gap gap = new Gap(outage, GapReason.VENUE_OUTAGE, "incident", outage.end(), Gap.NEVER);

        assertThat(gaps("book:1", List.of(gap), DAY)).contains(gap);
    }

    @Test
    void aStoreTellsItsGapsBeforehandSoNoStaleRowIsGiven() {
        snapshotOf(1, "99", "101");
        change(250, false, "bid", "100", "1");
        snapshotOf(300, "98", "102");
        TimeRange outage = TimeRange.ofEpochMicros(at(100), at(200));
        Gap gap = new Gap(outage, GapReason.VENUE_OUTAGE, "incident", outage.end(), Gap.NEVER);
        MemoryStore store = MemoryStore.create();
        store.write(new BatchSource(List.of(all()), List.of(gap)).read(CHANGES, DAY));
        BookSnapshots books = BookSnapshots.over(store);
        MemoryStore made = MemoryStore.create();

        List<Batch> shown = new ArrayList<>();
        List<Gap> gaps;
        try (Batches read = books.read(CHANGES.with(Dataset.book(1)), DAY)) {
            read.forEach(shown::add);
            gaps = read.provenance().gaps();
        }
        made.write(books.read(CHANGES.with(Dataset.book(1)), DAY));

        assertThat(prices(shown)).containsExactly("101/99", "102/98");
        assertThat(gaps.stream().filter(found -> found.reason() == GapReason.VENUE_OUTAGE))
                .extracting(Gap::range)
                .containsExactly(outage, TimeRange.ofEpochMicros(at(200), at(300)));
        assertThat(made.coverage(CHANGES.with(Dataset.book(1)), DAY).gaps()).isEqualTo(gaps);
    }

    @Test
    void aLongSilenceForgetsTheBookWhereThatIsAskedFor() {
        snapshotOf(1, "99", "101");
        change(100, false, "bid", "100", "1");
        snapshotOf(150, "97", "103");
        List<Batch> all = List.of(rows.build());
        BookSnapshots books = BookSnapshots.over(BatchSource.of(all)).resetAfterSilence(Duration.ofSeconds(60));

        List<Batch> shown = new ArrayList<>();
        List<Gap> gaps;
        try (Batches read = books.read(CHANGES.with(Dataset.book(1)), DAY)) {
            read.forEach(shown::add);
            gaps = read.provenance().gaps();
        }

        assertThat(prices(shown)).containsExactly("101/99", "103/97");
        assertThat(gaps.get(1).range()).isEqualTo(TimeRange.ofEpochMicros(at(1) + 1, at(150)));
        assertThat(gaps.get(1).evidence()).contains("no change of the book arrived");
    }

    @Property(tries = 100)
    void aBookEqualsOneOfTreeMaps(@ForAll Random random) {
        NaiveBook naive = new NaiveBook();
        List<String> expected = new ArrayList<>();
        int second = 1;
        boolean inSnapshot = false;
        for (int message = 0; message < 60; message++, second++) {
            boolean snapshot = message == 0 || random.nextInt(20) == 0;
            if (snapshot && !inSnapshot) {
                naive.clear();
            }
            inSnapshot = snapshot;
            int changes = 1 + random.nextInt(6);
            List<String> touchedAsks = new ArrayList<>();
            for (int i = 0; i < changes; i++) {
                String side = random.nextBoolean() ? "ask" : "bid";
                String price = (random.nextInt(100) == 0 ? "12345678" : "")
                        + (90 + random.nextInt(20))
                        + (random.nextBoolean() ? ".5" : "");
                String amount = random.nextInt(3) == 0 ? "0" : "" + (1 + random.nextInt(5));
                change(second, snapshot, side, price, amount);
                naive.set(side, new BigDecimal(price), new BigDecimal(amount));
                if (side.equals("ask")) {
                    touchedAsks.add(price);
                }
            }
            naive.uncross(touchedAsks);
            expected.add(naive.top(3));
        }
        List<Batch> cut = new ArrayList<>();
        Batch all = rows.build();
        for (int from = 0, to; from < all.rows(); from = to) {
            to = Math.min(all.rows(), from + 1 + random.nextInt(10));
            cut.add(all.slice(from, to));
        }
        List<String> actual = new ArrayList<>();
        BookReplay replay = BookReplay.onEachMessage(
                (book, timestamp, arrived) -> actual.add(book.levels(Side.BID, 3) + " " + book.levels(Side.ASK, 3)));
        cut.forEach(replay::accept);
        replay.endMessage();

        assertThat(actual).isEqualTo(expected);
        assertThat(replay.crossings()).isEqualTo(naive.crossings);
    }

    private static final class NaiveBook {
        private final TreeMap<BigDecimal, BigDecimal> bids = new TreeMap<>();
        private final TreeMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
        private int crossings;

        void clear() {
            bids.clear();
            asks.clear();
        }

        void set(String side, BigDecimal price, BigDecimal amount) {
            Map<BigDecimal, BigDecimal> levels = side.equals("bid") ? bids : asks;
            BigDecimal plain = new BigDecimal(price.stripTrailingZeros().toPlainString());
            if (amount.signum() == 0) {
                levels.remove(plain);
            } else {
                levels.put(plain, amount);
            }
        }

        boolean isCrossed() {
            return !bids.isEmpty() && !asks.isEmpty() && bids.lastKey().compareTo(asks.firstKey()) >= 0;
        }

        void uncross(List<String> touchedAsks) {
            if (!isCrossed()) {
                return;
            }
            crossings++;
            boolean touched =
                    touchedAsks.stream().anyMatch(price -> new BigDecimal(price).compareTo(asks.firstKey()) == 0);
            while (isCrossed()) {
                if (touched) {
                    bids.pollLastEntry();
                } else {
                    asks.pollFirstEntry();
                }
            }
        }

        String top(int levels) {
            return top(bids.descendingMap(), levels) + " " + top(asks, levels);
        }

        private static String top(Map<BigDecimal, BigDecimal> side, int levels) {
            return side.entrySet().stream()
                    .limit(levels)
                    .map(entry -> new BookLevel(entry.getKey(), entry.getValue()).toString())
                    .toList()
                    .toString();
        }
    }

    private void snapshotOf(long second, String bid, String ask) {
        change(second, true, "bid", bid, "1");
        change(second, true, "ask", ask, "1");
    }

    private void change(long second, boolean snapshot, String side, String price, String amount) {
        Instant time = TimeRange.instant(at(second));
        rows.row(time, time, snapshot, side, price, amount);
    }

    private static long at(long second) {
        return MIDNIGHT + second * 1_000_000;
    }

    private BookReplay replay() {
        BookReplay replay = BookReplay.onEachMessage((book, timestamp, arrived) -> {});
        replay.accept(rows.build());
        replay.endMessage();
        return replay;
    }

    private Batch kept = Batch.of(CHANGES, new BatchBuilder(CHANGES, 1).build().columns());

    private Batch all() {
        if (rows.rows() > 0) {
            kept = rows.build();
        }
        return kept;
    }

    private List<Batch> books(String dataset, TimeRange range) {
        List<Batch> shown = new ArrayList<>();
        BatchSource source = BatchSource.of(List.of(all()));
        try (Batches read = BookSnapshots.over(source).read(CHANGES.with(Dataset.parse(dataset)), range)) {
            read.forEach(shown::add);
        }
        return shown;
    }

    private List<Gap> gaps(String dataset, List<Gap> below, TimeRange range) {
        BatchSource source = new BatchSource(List.of(all()), below);
        try (Batches read = BookSnapshots.over(source).read(CHANGES.with(Dataset.parse(dataset)), range)) {
            read.forEach(batch -> {});
            return read.provenance().gaps();
        }
    }

    private static List<String> prices(List<Batch> batches) {
        List<String> prices = new ArrayList<>();
        for (Batch batch : batches) {
            boolean quotes = batch.series().dataset().equals(Dataset.QUOTES);
            for (int row = 0; row < batch.rows(); row++) {
                prices.add(batch.column(quotes ? "ask_price" : "ask_price_1").text(row) + "/"
                        + batch.column(quotes ? "bid_price" : "bid_price_1").text(row));
            }
        }
        return prices;
    }

    private static BookLevel level(String price, String amount) {
        return new BookLevel(new BigDecimal(price), new BigDecimal(amount));
    }
}
