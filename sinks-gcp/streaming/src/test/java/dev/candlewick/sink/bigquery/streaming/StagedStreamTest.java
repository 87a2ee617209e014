package dev.candlewick.sink.bigquery.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.TableId;
import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.Refused;
import dev.candlewick.TextColumn;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.bigquery.RowStreams;
import dev.candlewick.sink.gcp.testing.StreamFaults.AppendFault;
import dev.candlewick.sink.gcp.testing.StreamFaults.CallFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class StagedStreamTest {

    private final StreamBed bed = new StreamBed();
    private final RowStreams streams = new StorageRowStreams(
            new StorageClients(bed.access(), Patience.ofDefaults().total(Duration.ofMillis(1_500))),
            StorageRowStreams.READ_BYTES);

    @AfterEach
    void close() {
        streams.close();
        bed.close();
    }

    private RowStreams.StagedWrite stage() {
        return streams.stage(TableId.of("p", "d", "ticks"));
    }

    private static List<Column> columns(int from, int count) {
        Batch batch = StreamBed.ticks(from, count);
        String[] same = new String[count];
        java.util.Arrays.fill(same, "x");
        List<Column> columns = new ArrayList<>();
        for (String name : List.of("venue", "kind", "code")) {
            columns.add(TextColumn.of(name, same));
        }
        columns.addAll(batch.columns());
        return columns;
    }

    @Test
    void nothingIsVisibleBeforeTheCommitAndAllAfterwards() {
        try (RowStreams.StagedWrite staged = stage()) {
            staged.append(columns(0, 500));
            staged.append(columns(500, 500));
            assertThat(bed.numbers()).isEmpty();
            assertThat(staged.commit()).isEqualTo(1_000);
            assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(1_000));
            assertThatThrownBy(staged::commit).isInstanceOf(IllegalStateException.class);
        }
        assertThat(bed.numbers()).hasSize(1_000);
    }

    @Test
    void whatIsClosedWithoutACommitIsNeverSeen() {
        try (RowStreams.StagedWrite staged = stage()) {
            staged.append(columns(0, 500));
        }
        assertThat(bed.numbers()).isEmpty();
    }

    @Test
    void noRowsNeedNoStream() {
        try (RowStreams.StagedWrite staged = stage()) {
            assertThat(staged.commit()).isZero();
        }
        assertThat(bed.server.writeStreams()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = AppendFault.class,
            names = {"UNAVAILABLE", "ACKNOWLEDGEMENT_LOST", "RESOURCE_EXHAUSTED", "INTERNAL"})
    void everyRowIsThereOnceWhateverHappensOnTheWay(AppendFault fault) {
        bed.server.faults().onAppend(1, fault).onAppend(3, fault);
        try (RowStreams.StagedWrite staged = stage()) {
            for (int at = 0; at < 500; at += 100) {
                staged.append(columns(at, 100));
            }
            assertThat(staged.commit()).isEqualTo(500);
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(500));
    }

    @Test
    void lostAnswersOfEndingAndCommittingAreSettledByAskingAgain() {
        bed.server
                .faults()
                .onCall("CreateWriteStream", 1, CallFault.UNAVAILABLE_AFTER)
                .onCall("FinalizeWriteStream", 1, CallFault.UNAVAILABLE_AFTER)
                .onCall("BatchCommitWriteStreams", 1, CallFault.UNAVAILABLE_AFTER);
        try (RowStreams.StagedWrite staged = stage()) {
            staged.append(columns(0, 500));
            assertThat(staged.commit()).isEqualTo(500);
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(500));
    }

    @Test
    void aCommitWhoseAnswersAreAllLostIsFoundByLookingAtTheStream() {
        bed.server.faults().onCall("BatchCommitWriteStreams", 1, CallFault.UNAVAILABLE_AFTER);
        for (int nth = 2; nth < 40; nth++) {
            bed.server.faults().onCall("BatchCommitWriteStreams", nth, CallFault.UNAVAILABLE);
        }
        try (RowStreams.StagedWrite staged = stage()) {
            staged.append(columns(0, 500));
            assertThat(staged.commit()).isEqualTo(500);
        }
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(500));
    }

    @Test
    void aCommitThatNobodyAnswersForIsUnconfirmed() {
        for (int nth = 1; nth < 40; nth++) {
            bed.server
                    .faults()
                    .onCall("BatchCommitWriteStreams", nth, CallFault.UNAVAILABLE)
                    .onCall("GetWriteStream", nth, CallFault.UNAVAILABLE);
        }
        try (RowStreams.StagedWrite staged = stage()) {
            staged.append(columns(0, 500));
            assertThatThrownBy(staged::commit)
                    .isInstanceOf(Unconfirmed.class)
                    .hasMessageContaining("Either all rows are visible or none");
        }
    }

    @Test
    void aCommitThatHasNotHappenedButStillMayIsUnconfirmed() {
        for (int nth = 1; nth < 40; nth++) {
            bed.server
                    .faults()
                    .onCall(
                            "BatchCommitWriteStreams",
                            nth,
                            nth == 1 ? CallFault.UNAVAILABLE : CallFault.RESOURCE_EXHAUSTED);
        }
        try (RowStreams.StagedWrite staged = stage()) {
            staged.append(columns(0, 500));
            assertThatThrownBy(staged::commit)
                    .isInstanceOf(Unconfirmed.class)
                    .hasMessageContaining("still may be carried out");
        }
        assertThat(bed.numbers()).isEmpty();
    }

    @Test
    void aCommitThatDidNotHappenIsUnavailable() {
        for (int nth = 1; nth < 40; nth++) {
            bed.server.faults().onCall("BatchCommitWriteStreams", nth, CallFault.RESOURCE_EXHAUSTED);
        }
        try (RowStreams.StagedWrite staged = stage()) {
            staged.append(columns(0, 500));
            assertThatThrownBy(staged::commit).isInstanceOf(Unavailable.class).hasMessageContaining("quota");
        }
        assertThat(bed.numbers()).isEmpty();
    }

    @Test
    void aStreamThatSomebodyEndedIsGivenUpWithNothingVisible() {
        bed.server.faults().onAppend(2, AppendFault.STREAM_FINALIZED);
        try (RowStreams.StagedWrite staged = stage()) {
            assertThatThrownBy(() -> {
                        staged.append(columns(0, 100));
                        staged.append(columns(100, 100));
                        staged.commit();
                    })
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("Nothing of it is visible");
        }
        assertThat(bed.numbers()).isEmpty();
    }

    @Test
    void aRowWithoutAValueWhereTheTableRequiresOneIsNamedBeforeAnythingIsSent() {
        List<Column> columns = new ArrayList<>(columns(0, 3));
        // 'side' has no value in row 0 and takes the place of a required text.
        TextColumn side = (TextColumn) columns.get(7);
        columns.set(
                2,
                dev.candlewick.Batch.of(
                                new dev.candlewick.Series(
                                        dev.candlewick.Subject.parse("A:B:C"),
                                        new dev.candlewick.Dataset(
                                                "codes",
                                                new dev.candlewick.Schema(
                                                        List.of(
                                                                dev.candlewick.Field.time("at"),
                                                                dev.candlewick.Field.text("code")
                                                                        .orNull()),
                                                        "at",
                                                        List.of("at")),
                                                dev.candlewick.Cadence.events())),
                                List.of(columns.get(3), renamed(side)))
                        .column("code"));
        try (RowStreams.StagedWrite staged = stage()) {
            assertThatThrownBy(() -> staged.append(columns))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("Row 0 has no value in column 'code'");
        }
        assertThat(bed.server.faults().appends()).isZero();
    }

    private static Column renamed(TextColumn texts) {
        dev.candlewick.BatchBuilder builder = new dev.candlewick.BatchBuilder(
                new dev.candlewick.Series(
                        dev.candlewick.Subject.parse("A:B:C"),
                        new dev.candlewick.Dataset(
                                "codes",
                                new dev.candlewick.Schema(
                                        List.of(
                                                dev.candlewick.Field.time("at"),
                                                dev.candlewick.Field.text("code")
                                                        .orNull()),
                                        "at",
                                        List.of("at")),
                                dev.candlewick.Cadence.events())),
                texts.size());
        for (int row = 0; row < texts.size(); row++) {
            builder.row((long) row, texts.isNull(row) ? null : texts.value(row));
        }
        return builder.build().column("code");
    }
}
