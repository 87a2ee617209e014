package dev.candlewick.sink.bigquery.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cancelled;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.bigquery.Partitioning;
import dev.candlewick.sink.bigquery.streaming.BigQueryStream.Position;
import dev.candlewick.sink.gcp.testing.StreamFaults.AppendFault;
import dev.candlewick.sink.gcp.testing.StreamFaults.CallFault;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class BigQueryStreamTest {

    private final StreamBed bed = new StreamBed();

    @AfterEach
    void close() {
        bed.close();
    }

    private BigQueryStream open() {
        return bed.into(StreamBed.TICKS).patience(Duration.ofSeconds(20)).open(StreamBed.TICKS);
    }

    private void write(BigQueryStream stream, int from, int to, int each) {
        for (int at = from; at < to; at += each) {
            stream.append(StreamBed.ticks(at, Math.min(each, to - at)));
        }
    }

    @Test
    void rowsAreStoredInOrderWithTheirSubject() {
        try (BigQueryStream stream = open()) {
            write(stream, 0, 1_000, 300);
            Position position = stream.flush();
            assertThat(position.next()).isEqualTo(1_000);
            assertThat(position.stream()).startsWith(StreamBed.path(StreamBed.TICKS) + "/streams/");
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(1_000));
        Object[] row = bed.server.rows(StreamBed.path(StreamBed.TICKS)).get(1);
        assertThat(row).startsWith("TEST", "SPOT_PAIR", "BTC-USDT", StreamBed.START + 1, 1L);
        assertThat(row[6]).isEqualTo(new BigDecimal("123456789012345678901234567889.12345678"));
        assertThat(row[7]).isEqualTo("buy");
    }

    @Test
    void oneStreamTakesRowsOfManySubjects() {
        Series other = new Series(Subject.parse("TEST:SPOT_PAIR:币-USDT"), StreamBed.TICKS);
        try (BigQueryStream stream = open()) {
            stream.append(StreamBed.ticks(0, 2));
            stream.append(StreamBed.ticks(other, 0, 2));
            stream.append(StreamBed.ticks(2, 1));
        }
        assertThat(bed.server.rows(StreamBed.path(StreamBed.TICKS)))
                .extracting(row -> row[2])
                .containsExactly("BTC-USDT", "BTC-USDT", "币-USDT", "币-USDT", "BTC-USDT");
    }

    @ParameterizedTest
    @EnumSource(
            value = AppendFault.class,
            names = {
                "UNAVAILABLE",
                "ACKNOWLEDGEMENT_LOST",
                "STREAM_FINALIZED",
                "ACKNOWLEDGEMENT_LOST_AND_FINALIZED",
                "RESOURCE_EXHAUSTED",
                "INTERNAL"
            })
    void everyRowIsStoredOnceWhateverHappensToAnAppend(AppendFault fault) {
        for (int nth = 1; nth <= 4; nth++) {
            bed.server.faults().onAppend(nth, fault);
        }
        bed.server.faults().onAppend(9, fault);
        try (BigQueryStream stream = open()) {
            String begun = stream.position().stream();
            write(stream, 0, 1_000, 100);
            Position end = stream.flush();
            boolean moved = fault.name().endsWith("FINALIZED");
            assertThat(end.stream().equals(begun)).isEqualTo(!moved);
            if (!moved) {
                assertThat(end.next()).isEqualTo(1_000);
            }
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(1_000));
    }

    @Test
    void aCutConnectionLosesAndDoublesNothing() {
        try (BigQueryStream stream = open()) {
            for (int at = 0; at < 2_000; at += 100) {
                stream.append(StreamBed.ticks(at, 100));
                if (at % 500 == 300) {
                    bed.server.cutConnections();
                }
            }
            assertThat(stream.flush().next()).isEqualTo(2_000);
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(2_000));
    }

    @Test
    void aConnectionThatEndedWhileNothingWasWrittenIsMadeAgain() {
        try (BigQueryStream stream = open()) {
            stream.append(StreamBed.ticks(0, 10));
            stream.flush();
            bed.server.cutConnections();
            stream.append(StreamBed.ticks(10, 10));
            assertThat(stream.flush().next()).isEqualTo(20);
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(20));
    }

    @Test
    void silenceIsTakenForALostConnection() {
        bed.server.faults().onAppend(2, AppendFault.SILENCE);
        try (BigQueryStream stream = bed.into(StreamBed.TICKS)
                .responseTimeout(Duration.ofMillis(700))
                .open(StreamBed.TICKS)) {
            write(stream, 0, 30, 10);
            stream.flush();
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(30));
    }

    @Test
    void aServiceThatStaysAwayIsUnavailableAndSaysWhatIsStored() {
        BigQueryStream stream =
                bed.into(StreamBed.TICKS).patience(Duration.ofMillis(600)).open(StreamBed.TICKS);
        stream.append(StreamBed.ticks(0, 10));
        stream.flush();
        for (int nth = 1; nth < 50; nth++) {
            bed.server.faults().onAppend(nth, AppendFault.UNAVAILABLE);
        }
        assertThatThrownBy(() -> {
                    stream.append(StreamBed.ticks(10, 10));
                    stream.flush();
                })
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("Rows before 10 are stored");
        assertThat(stream.position().next()).isEqualTo(10);
        assertThatThrownBy(() -> stream.append(StreamBed.ticks(20, 10))).isInstanceOf(Unavailable.class);
        stream.close();
    }

    @Test
    void aUsedUpQuotaIsNamed() {
        for (int nth = 1; nth < 50; nth++) {
            bed.server.faults().onAppend(nth, AppendFault.RESOURCE_EXHAUSTED);
        }
        try (BigQueryStream stream =
                bed.into(StreamBed.TICKS).patience(Duration.ofMillis(300)).open(StreamBed.TICKS)) {
            assertThatThrownBy(() -> {
                        stream.append(StreamBed.ticks(0, 10));
                        stream.flush();
                    })
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("AppendRows throughput")
                    .hasMessageContaining("quota");
        }
    }

    @Test
    void rowsThatTheServiceRefusesAreNamedAndNothingOfTheirAppendIsStored() {
        bed.server.faults().onAppend(2, AppendFault.ROW_ERRORS);
        BigQueryStream stream = open();
        Throwable refused = catchThrowable(() -> {
            write(stream, 0, 400, 100);
            stream.flush();
        });
        assertThat(refused)
                .isInstanceOf(Refused.class)
                .hasMessageContaining("row 0 of TEST:SPOT_PAIR:BTC-USDT/ticks")
                .hasMessageContaining("row 99 of TEST:SPOT_PAIR:BTC-USDT/ticks")
                .hasMessageContaining("Nothing of these 100 rows");
        assertThat(stream.position().next()).isEqualTo(100);
        stream.close();
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(100));
        try (BigQueryStream again =
                bed.into(StreamBed.TICKS).from(stream.position()).open(StreamBed.TICKS)) {
            write(again, 100, 400, 100);
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(400));
    }

    @Test
    void missingRowsAreAHoleWithItsBounds() {
        BigQueryStream stream = open();
        write(stream, 0, 200, 100);
        String name = stream.flush().stream();
        bed.server.faults().onAppend(1, AppendFault.END_MOVED_BACK);
        Throwable hole = catchThrowable(() -> {
            stream.append(StreamBed.ticks(200, 50));
            stream.flush();
        });
        assertThat(hole).isInstanceOfSatisfying(StreamHole.class, found -> {
            assertThat(found.stream()).isEqualTo(name);
            assertThat(found.from()).isEqualTo(150);
            assertThat(found.to()).isEqualTo(200);
        });
        stream.close();
    }

    @Test
    void aPositionGoesOnWhereItWasAndLeavesOutWhatWasStoredBehindIt() {
        Position saved;
        try (BigQueryStream first = open()) {
            write(first, 0, 300, 100);
            saved = first.flush();
            // What was stored after the position was saved, as before a crash.
            write(first, 300, 730, 70);
        }
        Position read = Position.parse(saved.toString());
        assertThat(read).isEqualTo(saved);
        try (BigQueryStream second = bed.into(StreamBed.TICKS).from(read).open(StreamBed.TICKS)) {
            // Other pieces than the first time.
            write(second, 300, 1_000, 110);
            assertThat(second.flush()).isEqualTo(new Position(saved.stream(), 1_000));
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(1_000));
    }

    @Test
    void aPositionOfAnEndedStreamGoesOnInANewOne() {
        Position saved;
        try (BigQueryStream first = open()) {
            write(first, 0, 300, 100);
            saved = first.flush();
            write(first, 300, 700, 100);
        }
        bed.server.faults().onAppend(1, AppendFault.STREAM_FINALIZED);
        try (BigQueryStream second = bed.into(StreamBed.TICKS).from(saved).open(StreamBed.TICKS)) {
            write(second, 300, 1_000, 110);
            Position end = second.flush();
            assertThat(end.stream()).isNotEqualTo(saved.stream());
            assertThat(end.next()).isEqualTo(300);
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(1_000));
    }

    @Test
    void anExpiredStreamIsReplacedWhereItIsCertainWhatIsStored() {
        bed.server.faults().onAppend(2, AppendFault.STREAM_NOT_FOUND);
        try (BigQueryStream stream = open()) {
            String begun = stream.position().stream();
            stream.append(StreamBed.ticks(0, 10));
            stream.flush();
            stream.append(StreamBed.ticks(10, 10));
            assertThat(stream.flush().stream()).isNotEqualTo(begun);
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(20));
    }

    @Test
    void anExpiredStreamWithALostAnswerIsUnconfirmed() {
        bed.server.faults().onAppend(1, AppendFault.ACKNOWLEDGEMENT_LOST).onAppend(2, AppendFault.STREAM_NOT_FOUND);
        BigQueryStream stream = open();
        assertThatThrownBy(() -> {
                    stream.append(StreamBed.ticks(0, 10));
                    stream.flush();
                })
                .isInstanceOf(Unconfirmed.class)
                .hasMessageContaining("Look for them in the table");
        stream.close();
    }

    @Test
    void aPositionOfAnExpiredStreamIsUnconfirmed() {
        Position unknown = new Position(StreamBed.path(StreamBed.TICKS) + "/streams/gone", 5);
        assertThatThrownBy(() -> bed.into(StreamBed.TICKS).from(unknown).open(StreamBed.TICKS))
                .isInstanceOf(Unconfirmed.class)
                .hasMessageContaining("streams/gone@5");
    }

    @Test
    void twoWritersOfOneStreamAreFoundOut() {
        try (BigQueryStream first = open()) {
            first.append(StreamBed.ticks(0, 10));
            Position start = first.flush();
            try (BigQueryStream second = bed.into(StreamBed.TICKS).from(start).open(StreamBed.TICKS)) {
                second.append(StreamBed.ticks(10, 25));
                second.flush();
            }
            assertThatThrownBy(() -> {
                        first.append(StreamBed.ticks(10, 10));
                        first.flush();
                    })
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("somebody else writes into it");
        }
    }

    @Test
    void aSlowServiceStopsTheCallerAndMemoryStaysBounded() throws Exception {
        bed.server.faults().hold();
        long bound = 200_000;
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (BigQueryStream stream = bed.into(StreamBed.TICKS).inFlight(bound).open(StreamBed.TICKS)) {
            Thread writer = new Thread(() -> {
                try {
                    write(stream, 0, 20_000, 100);
                    stream.flush();
                } catch (RuntimeException | Error failed) {
                    failure.set(failed);
                }
            });
            writer.start();
            long most = 0;
            for (int look = 0; look < 20; look++) {
                TimeUnit.MILLISECONDS.sleep(50);
                most = Math.max(most, stream.bytesInFlight());
            }
            assertThat(writer.isAlive()).isTrue();
            assertThat(most).isBetween(bound / 2, bound);
            bed.server.faults().answer();
            writer.join(30_000);
            assertThat(writer.isAlive()).isFalse();
            assertThat(failure.get()).isNull();
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(20_000));
    }

    @Test
    void anInterruptEndsWaitingWithinSeconds() throws Exception {
        bed.server.faults().hold();
        try (BigQueryStream stream = open()) {
            AtomicReference<Throwable> ended = new AtomicReference<>();
            CountDownLatch begun = new CountDownLatch(1);
            Thread writer = new Thread(() -> {
                stream.append(StreamBed.ticks(0, 10));
                begun.countDown();
                ended.set(catchThrowable(stream::flush));
            });
            writer.start();
            begun.await();
            TimeUnit.MILLISECONDS.sleep(200);
            writer.interrupt();
            writer.join(5_000);
            assertThat(writer.isAlive()).isFalse();
            assertThat(ended.get()).isInstanceOf(Cancelled.class).hasMessageContaining("interrupted");
            bed.server.faults().answer();
            stream.flush();
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(10));
    }

    @Test
    void closingFromAnotherThreadEndsABlockedCall() throws Exception {
        bed.server.faults().hold();
        BigQueryStream stream = open();
        AtomicReference<Throwable> ended = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            stream.append(StreamBed.ticks(0, 10));
            begun.countDown();
            ended.set(catchThrowable(stream::flush));
        });
        writer.start();
        begun.await();
        TimeUnit.MILLISECONDS.sleep(200);
        long before = System.nanoTime();
        stream.close();
        writer.join(5_000);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(ended.get()).isInstanceOf(Cancelled.class);
    }

    @Test
    void closingWhileNobodyAnswersTakesFiveSecondsAtMostAndSaysWhatIsUnknown() {
        bed.server.faults().hold();
        BigQueryStream stream = open();
        stream.append(StreamBed.ticks(0, 10));
        long before = System.nanoTime();
        assertThatThrownBy(stream::close).isInstanceOf(Unconfirmed.class).hasMessageContaining("10 rows");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(6));
        // As the message says: open it there again.
        bed.server.faults().answer();
        try (BigQueryStream again =
                bed.into(StreamBed.TICKS).from(stream.position()).open(StreamBed.TICKS)) {
            again.append(StreamBed.ticks(0, 10));
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(10));
    }

    @Test
    void aRowTooLargeForARequestIsRefusedBeforeTheRequestsInFrontOfItAreSent() {
        try (BigQueryStream stream = open()) {
            Batch tooLarge = new BatchBuilder(StreamBed.BTC, 2)
                    .row(StreamBed.START, 1L, BigDecimal.ONE, BigDecimal.ONE, "x".repeat(5_000_000))
                    .row(StreamBed.START + 1, 2L, BigDecimal.ONE, BigDecimal.ONE, "x".repeat(8_000_000))
                    .build();
            assertThatThrownBy(() -> stream.append(tooLarge))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("Row 1 takes 80000")
                    .hasMessageContaining("Shorten its texts");
            assertThat(stream.unanswered()).isZero();
            stream.append(StreamBed.ticks(0, 1));
            assertThat(stream.flush().next()).isEqualTo(1);
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(1));
    }

    @Test
    void aFailureThatNobodySawIsThrownByClosing() {
        bed.server.faults().onAppend(1, AppendFault.ROW_ERRORS);
        BigQueryStream stream = open();
        stream.append(StreamBed.ticks(0, 10));
        assertThatThrownBy(stream::close).isInstanceOf(Refused.class).hasMessageContaining("row 0 of");
    }

    @Test
    void aRowThatDoesNotFitIsRefusedBeforeAnythingIsSent() {
        try (BigQueryStream stream = open()) {
            int before = bed.server.faults().appends();
            Batch tooLate = new BatchBuilder(StreamBed.BTC, 2)
                    .row(StreamBed.START, 1L, BigDecimal.ONE, BigDecimal.ONE, null)
                    .row(253_402_300_800_000_000L, 2L, BigDecimal.ONE, BigDecimal.ONE, null)
                    .build();
            assertThatThrownBy(() -> stream.append(tooLate))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("Row 1")
                    .hasMessageContaining("'at'");
            Batch halfPair = new BatchBuilder(StreamBed.BTC, 1)
                    .row(StreamBed.START, 1L, BigDecimal.ONE, BigDecimal.ONE, "\ud83d")
                    .build();
            assertThatThrownBy(() -> stream.append(halfPair))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("surrogate");
            Batch nul = new BatchBuilder(StreamBed.BTC, 1)
                    .row(StreamBed.START, 1L, BigDecimal.ONE, BigDecimal.ONE, "a\u0000b")
                    .build();
            assertThatThrownBy(() -> stream.append(nul))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("Row 0 holds U+0000 in column 'side'");
            assertThat(bed.server.faults().appends()).isEqualTo(before);
            stream.append(StreamBed.ticks(0, 1));
            stream.flush();
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(1));
    }

    @Test
    void aTableThatCannotHoldTheRowsIsRefusedWithEveryDifference() {
        bed.client.create(TableInfo.of(
                TableId.of("p", "d", "other"),
                StandardTableDefinition.of(Schema.of(
                        Field.of("venue", StandardSQLTypeName.STRING),
                        Field.of("kind", StandardSQLTypeName.STRING),
                        Field.of("code", StandardSQLTypeName.STRING),
                        Field.of("at", StandardSQLTypeName.TIMESTAMP),
                        Field.of("number", StandardSQLTypeName.STRING),
                        Field.of("price", StandardSQLTypeName.NUMERIC),
                        Field.of("volume", StandardSQLTypeName.NUMERIC),
                        Field.newBuilder("more", StandardSQLTypeName.INT64)
                                .setMode(Field.Mode.REQUIRED)
                                .build()))));
        assertThatThrownBy(() ->
                        BigQueryStream.into("p.d.other").access(bed.access()).open(StreamBed.TICKS))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("column 'number' is STRING, which cannot hold int64")
                .hasMessageContaining("column 'volume' is NUMERIC, which cannot hold decimal(38, 8)")
                .hasMessageContaining("there is no column 'side'")
                .hasMessageContaining("column 'more' is REQUIRED");
    }

    @Test
    void aMissingTableIsMadeWithPartitionsThatGoByThemselves() {
        try (BigQueryStream stream = BigQueryStream.into("p.d.live_ticks")
                .access(bed.access())
                .creatingWith(bed.client)
                .open(StreamBed.TICKS)) {
            stream.flush();
        }
        Table made = bed.client.getTable(TableId.of("p", "d", "live_ticks"));
        StandardTableDefinition definition = made.getDefinition();
        assertThat(definition.getTimePartitioning().getType()).isEqualTo(TimePartitioning.Type.HOUR);
        assertThat(definition.getTimePartitioning().getField()).isEqualTo("at");
        assertThat(definition.getTimePartitioning().getExpirationMs())
                .isEqualTo(Duration.ofDays(30).toMillis());
        assertThat(definition.getClustering().getFields()).containsExactly("venue", "kind", "code");
        assertThat(made.getRequirePartitionFilter()).isTrue();
        assertThat(definition.getSchema().getFields().get("volume").getType().getStandardType())
                .isEqualTo(StandardSQLTypeName.BIGNUMERIC);
        try (BigQueryStream stream = BigQueryStream.into("p.d.live_days")
                .access(bed.access())
                .creatingWith(bed.client)
                .partitions(Partitioning.DAY)
                .keptFor(Duration.ofDays(2))
                .open(StreamBed.TICKS)) {
            stream.flush();
        }
        TimePartitioning days = bed.client
                .getTable(TableId.of("p", "d", "live_days"))
                .<StandardTableDefinition>getDefinition()
                .getTimePartitioning();
        assertThat(days.getType()).isEqualTo(TimePartitioning.Type.DAY);
        assertThat(days.getExpirationMs()).isEqualTo(Duration.ofDays(2).toMillis());
    }

    @Test
    void aMissingTableIsRefusedWithTheStatementThatMakesIt() {
        assertThatThrownBy(() ->
                        BigQueryStream.into("p.d.absent").access(bed.access()).open(StreamBed.TICKS))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(
                        "CREATE TABLE `p.d.absent` (venue STRING NOT NULL, kind STRING NOT NULL, code STRING"
                                + " NOT NULL, at TIMESTAMP NOT NULL, number INT64 NOT NULL, price NUMERIC(18, 8) NOT NULL, volume"
                                + " BIGNUMERIC(38, 8) NOT NULL, side STRING) PARTITION BY TIMESTAMP_TRUNC(at, HOUR) CLUSTER BY venue,"
                                + " kind, code OPTIONS (partition_expiration_days = 30, require_partition_filter = TRUE)");
    }

    @Test
    void missingRightsAreRefusedWithTheRoleToGrant() {
        bed.server.faults().onCall("GetWriteStream", 1, CallFault.PERMISSION_DENIED);
        assertThatThrownBy(this::open).isInstanceOf(Refused.class).hasMessageContaining("roles/bigquery.dataEditor");
    }

    @Test
    void openingSurvivesAServiceThatIsAwayForAMoment() {
        bed.server
                .faults()
                .onCall("GetWriteStream", 1, CallFault.UNAVAILABLE)
                .onCall("CreateWriteStream", 1, CallFault.UNAVAILABLE)
                .onCall("CreateWriteStream", 2, CallFault.UNAVAILABLE_AFTER);
        try (BigQueryStream stream = open()) {
            stream.append(StreamBed.ticks(0, 10));
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(10));
    }

    @Test
    void aPositionIsReadAsItIsWritten() {
        assertThatThrownBy(() -> Position.parse("nonsense")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Position.parse("projects/p/datasets/d/tables/t/streams/s@-1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Position.parse("projects/p/datasets/d/tables/t/streams/s@17").next())
                .isEqualTo(17);
    }
}
