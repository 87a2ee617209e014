package dev.candlewick.sink.bigquery.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.cloud.bigquery.TableId;
import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.bigquery.RowSelection;
import dev.candlewick.sink.bigquery.RowStreams;
import dev.candlewick.sink.bigquery.RowStreamsProvider;
import dev.candlewick.sink.gcp.testing.StreamFaults.CallFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RowReadingTest {

    private static final TableId TABLE = TableId.of("p", "d", "ticks");

    private final StreamBed bed = new StreamBed();
    private RowStreams streams;

    @BeforeEach
    void open() {
        streams = streams(StorageRowStreams.READ_BYTES, Duration.ofSeconds(20));
    }

    @AfterEach
    void close() {
        streams.close();
        bed.close();
    }

    private RowStreams streams(long bytes, Duration patience) {
        return new StorageRowStreams(
                new StorageClients(bed.access(), Patience.ofDefaults().total(patience)), bytes);
    }

    private void fill(int rows) {
        try (BigQueryStream stream = bed.into(StreamBed.TICKS).open(StreamBed.TICKS)) {
            stream.append(StreamBed.ticks(0, rows));
            stream.append(StreamBed.ticks(new Series(Subject.parse("TEST:SPOT_PAIR:OTHER"), StreamBed.TICKS), 0, rows));
            stream.flush();
        }
    }

    private static RowSelection selection(int from, int to) {
        return new RowSelection(
                TABLE,
                StreamBed.BTC,
                TimeRange.ofEpochMicros(StreamBed.START + from, StreamBed.START + to),
                StreamBed.TICKS.schema().names(),
                "venue = 'TEST' AND code = 'BTC-USDT'",
                List.of("number"));
    }

    private static List<Long> numbers(RowStreams from, RowSelection selection) {
        List<Long> numbers = new ArrayList<>();
        try (RowStreams.Rows rows = from.read(selection)) {
            while (rows.hasNext()) {
                Batch batch = rows.next();
                for (int row = 0; row < batch.rows(); row++) {
                    numbers.add(batch.longs("number").value(row));
                }
            }
        }
        return numbers;
    }

    @Test
    void theModuleIsFoundOnTheClassPath() {
        assertThat(RowStreamsProvider.installed()).containsInstanceOf(StorageRowStreamsProvider.class);
    }

    @Test
    void rowsOfSeveralStreamsInAnyOrderComeInOrder() {
        fill(9_000);
        assertThat(numbers(streams, selection(0, 9_000))).isEqualTo(StreamBed.upTo(9_000));
        assertThat(bed.server.faults().calls("CreateReadSession")).isEqualTo(1);
        assertThat(numbers(streams, selection(100, 103))).containsExactly(100L, 101L, 102L);
        assertThat(numbers(streams, selection(9_000, 9_001))).isEmpty();
    }

    @Test
    void aStreamThatBreaksGoesOnBehindTheLastRowThatArrived() {
        fill(9_000);
        bed.server.faults().onRead(1).onRead(0).onRead(2).onRead(1).onRead(0);
        assertThat(numbers(streams, selection(0, 9_000))).isEqualTo(StreamBed.upTo(9_000));
    }

    @Test
    void connectionsThatAreCutWhileReadingLoseNothing() {
        fill(9_000);
        List<Long> numbers = new ArrayList<>();
        try (RowStreams.Rows rows = streams.readResult(
                TABLE, StreamBed.BTC, StreamBed.TICKS.schema().names())) {
            // Without a restriction: the rows of the other subject, too, in the order of the table.
            assertThatThrownBy(() -> rows.forEachRemaining(batch -> {
                        numbers.add(batch.longs("number").value(0));
                        bed.server.cutConnections();
                    }))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("not in the order of time");
        }
        assertThat(numbers).startsWith(0L, 700L, 1_400L).isSorted();
    }

    @Test
    void aRangeLargerThanItsMemoryIsReadInPieces() {
        fill(9_000);
        try (RowStreams small = streams(60_000, Duration.ofSeconds(20))) {
            assertThat(numbers(small, selection(0, 9_000))).isEqualTo(StreamBed.upTo(9_000));
        }
        assertThat(bed.server.faults().calls("CreateReadSession")).isBetween(5, 80);
    }

    @Test
    void aServiceThatStaysAwayIsUnavailable() {
        fill(100);
        for (int nth = 1; nth < 40; nth++) {
            bed.server.faults().onRead(0).onCall("CreateReadSession", nth + 1, CallFault.RESOURCE_EXHAUSTED);
        }
        try (RowStreams hasty = streams(1 << 20, Duration.ofMillis(300))) {
            assertThatThrownBy(() -> numbers(hasty, selection(0, 100)))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("Reading TEST:SPOT_PAIR:BTC-USDT/ticks over");
            assertThatThrownBy(() -> numbers(hasty, selection(0, 100)))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("quota");
        }
    }

    @Test
    void aMissingTableOrColumnIsRefused() {
        RowSelection absent = new RowSelection(
                TableId.of("p", "d", "absent"),
                StreamBed.BTC,
                selection(0, 1).range(),
                StreamBed.TICKS.schema().names(),
                "",
                List.of());
        assertThatThrownBy(() -> numbers(streams, absent))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("absent");
        RowSelection unknown = new RowSelection(
                TABLE,
                StreamBed.BTC,
                selection(0, 1).range(),
                List.of("at", "number", "price", "volume", "nope"),
                "",
                List.of());
        assertThatThrownBy(() -> numbers(streams, unknown))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("nope");
    }

    @Test
    void aColumnOfAnotherTypeIsCorrupt() {
        fill(10);
        Series other = new Series(
                Subject.parse("TEST:SPOT_PAIR:BTC-USDT"),
                new Dataset(
                        "other",
                        new Schema(List.of(Field.time("at"), Field.int64("price")), "at", List.of("at")),
                        Cadence.events()));
        RowSelection selection =
                new RowSelection(TABLE, other, selection(0, 10).range(), List.of("at", "price"), "", List.of());
        assertThatThrownBy(() -> numbers(streams, selection))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("'price'")
                .hasMessageContaining("int64");
    }

    @Test
    void aFinerColumnIsReadWhereNoDigitIsLostAndRefusedElse() {
        fill(10);
        assertThatThrownBy(() -> prices(Field.decimal("price", 18, 2)))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("decimal(18, 2) cannot hold");
        assertThat(prices(Field.decimal("price", 38, 20))).isEqualTo(prices(Field.decimal("price", 18, 4)));
    }

    private List<String> prices(Field price) {
        Series other = new Series(
                Subject.parse("TEST:SPOT_PAIR:BTC-USDT"),
                new Dataset(
                        "other", new Schema(List.of(Field.time("at"), price), "at", List.of("at")), Cadence.events()));
        RowSelection selection = new RowSelection(
                TABLE, other, selection(0, 10).range(), List.of("at", "price"), "code = 'BTC-USDT'", List.of());
        List<String> texts = new ArrayList<>();
        try (RowStreams.Rows rows = streams.read(selection)) {
            rows.forEachRemaining(batch -> {
                for (int row = 0; row < batch.rows(); row++) {
                    texts.add(batch.column("price").text(row));
                }
            });
        }
        return texts;
    }

    @Test
    void closingAndInterruptsEndABlockedRead() throws Exception {
        fill(10);
        bed.server
                .faults()
                .onCall("CreateReadSession", 1, CallFault.SILENCE)
                .onCall("CreateReadSession", 2, CallFault.SILENCE);
        for (boolean interrupt : new boolean[] {true, false}) {
            try (RowStreams own = streams(1 << 20, Duration.ofSeconds(60))) {
                AtomicReference<Throwable> ended = new AtomicReference<>();
                Thread reader = new Thread(() -> ended.set(catchThrowable(() -> numbers(own, selection(0, 10)))));
                reader.start();
                TimeUnit.MILLISECONDS.sleep(500);
                if (interrupt) {
                    reader.interrupt();
                } else {
                    own.close();
                }
                reader.join(5_000);
                assertThat(reader.isAlive()).isFalse();
                assertThat(ended.get()).isInstanceOf(Cancelled.class);
            }
        }
    }
}
