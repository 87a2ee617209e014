package dev.candlewick.sink.gcp.testing;

import com.google.cloud.bigquery.storage.v1.ArrowRecordBatch;
import com.google.cloud.bigquery.storage.v1.ArrowSchema;
import com.google.cloud.bigquery.storage.v1.ArrowSerializationOptions.CompressionCodec;
import com.google.cloud.bigquery.storage.v1.BigQueryReadGrpc;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.cloud.bigquery.storage.v1.ReadStream;
import com.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode;
import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import com.google.protobuf.util.Timestamps;
import dev.candlewick.sink.gcp.testing.WriteStreams.Refusal;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** {@code BigQueryRead} over {@link StreamTables}. A session keeps the rows that were there when it was made. */
final class ReadService extends BigQueryReadGrpc.BigQueryReadImplBase {

    private static final int ROWS_PER_RESPONSE = 700;
    private static final int STREAMS_UNASKED = 3;

    private final StreamTables tables;
    private final StreamFaults faults;
    private final Clock clock;
    private final AtomicInteger sessions = new AtomicInteger();
    private final Map<String, Stream> streams = new ConcurrentHashMap<>();

    private record Stream(ArrowEncoder encoder, List<@Nullable Object[]> rows) {}

    ReadService(StreamTables tables, StreamFaults faults, Clock clock) {
        this.tables = tables;
        this.faults = faults;
        this.clock = clock;
    }

    @Override
    public void createReadSession(CreateReadSessionRequest request, StreamObserver<ReadSession> answer) {
        Calls.answer(faults, "CreateReadSession", answer, () -> create(request));
    }

    private ReadSession create(CreateReadSessionRequest request) throws Refusal {
        ReadSession asked = request.getReadSession();
        if (asked.getDataFormat() != DataFormat.ARROW
                || asked.hasTableModifiers()
                || asked.getReadOptions().getArrowSerializationOptions().getBufferCompression()
                        != CompressionCodec.COMPRESSION_UNSPECIFIED) {
            throw new IllegalArgumentException(
                    "This server reads tables as they are now, in Arrow format, without compression");
        }
        TableSchema schema = tables.schema(asked.getTable())
                .orElseThrow(() -> new Refusal(
                        Status.Code.NOT_FOUND,
                        StorageErrorCode.TABLE_NOT_FOUND,
                        asked.getTable(),
                        "Not found: Table " + asked.getTable()));
        List<String> names = asked.getReadOptions().getSelectedFieldsList();
        List<TableFieldSchema> columns = columns(schema, names.isEmpty() ? RowDecoder.columns(schema) : names);
        List<@Nullable Object[]> rows = tables.read(
                asked.getTable(),
                columns.stream().map(TableFieldSchema::getName).toList(),
                asked.getReadOptions().getRowRestriction());
        ArrowEncoder encoder = new ArrowEncoder(columns);
        String name = request.getParent() + "/locations/us/sessions/s" + sessions.incrementAndGet();
        ReadSession.Builder session = asked.toBuilder()
                .setName(name)
                .setExpireTime(Timestamps.fromMillis(
                        clock.millis() + Duration.ofHours(6).toMillis()))
                .setEstimatedRowCount(rows.size())
                .setArrowSchema(ArrowSchema.newBuilder().setSerializedSchema(encoder.schema()));
        int count = request.getMaxStreamCount() == 0
                ? STREAMS_UNASKED
                : Math.min(STREAMS_UNASKED, request.getMaxStreamCount());
        List<List<@Nullable Object[]>> dealt = dealt(rows, count);
        for (int i = 0; i < dealt.size(); i++) {
            String stream = name + "/streams/r" + i;
            streams.put(stream, new Stream(encoder, dealt.get(i)));
            session.addStreams(ReadStream.newBuilder().setName(stream));
        }
        return session.build();
    }

    /**
     * Rows in no useful order, as the service promises none: in blocks that lie anywhere in any of the streams. A single stream
     * keeps the table's order, as the service does for the result of a query with {@code ORDER BY}.
     */
    private static List<List<@Nullable Object[]>> dealt(List<@Nullable Object[]> rows, int count) {
        List<List<@Nullable Object[]>> blocks = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += ROWS_PER_RESPONSE) {
            blocks.add(rows.subList(from, Math.min(rows.size(), from + ROWS_PER_RESPONSE)));
        }
        if (count > 1) {
            Collections.shuffle(blocks, new Random(rows.size()));
        }
        List<List<@Nullable Object[]>> dealt = new ArrayList<>();
        for (int i = 0; i < Math.min(count, blocks.size()); i++) {
            List<@Nullable Object[]> mine = new ArrayList<>();
            for (int block = i; block < blocks.size(); block += count) {
                mine.addAll(blocks.get(block));
            }
            dealt.add(mine);
        }
        return dealt;
    }

    private static List<TableFieldSchema> columns(TableSchema schema, List<String> names) {
        List<TableFieldSchema> columns = new ArrayList<>();
        // In the table's order, whatever the order that they are asked for in.
        for (TableFieldSchema column : schema.getFieldsList()) {
            if (names.stream().anyMatch(column.getName()::equalsIgnoreCase)) {
                columns.add(column);
            }
        }
        for (String name : names) {
            if (StreamTables.indexOf(schema, name) < 0) {
                throw new IllegalArgumentException(
                        "The following selected fields do not exist in the table schema: " + name);
            }
        }
        return columns;
    }

    @Override
    public void readRows(ReadRowsRequest request, StreamObserver<ReadRowsResponse> answer) {
        Optional<Stream> found = Optional.ofNullable(streams.get(request.getReadStream()));
        if (found.isEmpty()) {
            answer.onError(Status.NOT_FOUND
                    .withDescription("Not found: stream " + request.getReadStream())
                    .asRuntimeException());
            return;
        }
        Stream stream = found.get();
        OptionalInt end = faults.nextRead();
        int responses = 0;
        for (int from = Math.toIntExact(request.getOffset()); from < stream.rows.size(); from += ROWS_PER_RESPONSE) {
            if (end.isPresent() && responses == end.getAsInt()) {
                break;
            }
            List<@Nullable Object[]> rows =
                    stream.rows.subList(from, Math.min(stream.rows.size(), from + ROWS_PER_RESPONSE));
            ReadRowsResponse.Builder response = ReadRowsResponse.newBuilder()
                    .setRowCount(rows.size())
                    .setArrowRecordBatch(
                            ArrowRecordBatch.newBuilder().setSerializedRecordBatch(stream.encoder.encode(rows)));
            if (responses++ == 0) {
                response.setArrowSchema(ArrowSchema.newBuilder().setSerializedSchema(stream.encoder.schema()));
            }
            answer.onNext(response.build());
        }
        if (end.isPresent()) {
            answer.onError(
                    Status.UNAVAILABLE.withDescription("Connection reset.").asRuntimeException());
        } else {
            answer.onCompleted();
        }
    }
}
