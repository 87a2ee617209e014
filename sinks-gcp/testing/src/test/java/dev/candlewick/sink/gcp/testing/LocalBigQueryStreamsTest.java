package dev.candlewick.sink.gcp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.core.ApiFuture;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsRequest;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteSettings;
import com.google.cloud.bigquery.storage.v1.Exceptions;
import com.google.cloud.bigquery.storage.v1.FlushRowsRequest;
import com.google.cloud.bigquery.storage.v1.JsonStreamWriter;
import com.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.Int64Value;
import dev.candlewick.sink.gcp.testing.StreamFaults.AppendFault;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server by Google's own clients and nothing else. */
@Timeout(120)
class LocalBigQueryStreamsTest {

    private static final String TABLE = "projects/p/datasets/d/tables/t";

    private final LocalBigQuery tables = LocalBigQuery.start();
    private final LocalBigQueryStreams server = LocalBigQueryStreams.of(tables);
    private BigQuery queries;
    private BigQueryWriteClient client;

    @BeforeEach
    void connect() throws IOException {
        queries = BigQueryOptions.newBuilder()
                .setProjectId("p")
                .setHost(tables.endpoint().toString())
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService();
        queries.create(DatasetInfo.of("d"));
        queries.create(TableInfo.of(
                TableId.of("p", "d", "t"),
                StandardTableDefinition.of(Schema.of(
                        Field.newBuilder("n", StandardSQLTypeName.INT64)
                                .setMode(Field.Mode.REQUIRED)
                                .build(),
                        Field.newBuilder("price", StandardSQLTypeName.NUMERIC)
                                .setPrecision(10L)
                                .setScale(2L)
                                .build(),
                        Field.of("at", StandardSQLTypeName.TIMESTAMP)))));
        client = BigQueryWriteClient.create(BigQueryWriteSettings.newBuilder()
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(channel())
                .build());
    }

    private InstantiatingGrpcChannelProvider channel() {
        return BigQueryWriteSettings.defaultGrpcTransportProviderBuilder()
                .setEndpoint(server.endpoint())
                .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                .build();
    }

    @AfterEach
    void close() {
        client.shutdownNow();
        server.close();
        tables.close();
    }

    private String create(WriteStream.Type type) {
        return client.createWriteStream(
                        TABLE, WriteStream.newBuilder().setType(type).build())
                .getName();
    }

    private JsonStreamWriter writer(String stream) throws Exception {
        return JsonStreamWriter.newBuilder(stream, client)
                .setChannelProvider(channel())
                .setCredentialsProvider(NoCredentialsProvider.create())
                .build();
    }

    private static JSONArray rows(int from, int to) {
        JSONArray rows = new JSONArray();
        for (int n = from; n < to; n++) {
            rows.put(new JSONObject().put("n", n).put("price", n + ".25").put("at", 1_700_000_000_000_000L + n));
        }
        return rows;
    }

    private static AppendRowsResponse get(ApiFuture<AppendRowsResponse> appended) throws Exception {
        try {
            return appended.get();
        } catch (ExecutionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    private List<String> visible() throws InterruptedException {
        List<String> seen = new ArrayList<>();
        for (FieldValueList row : queries.query(QueryJobConfiguration.of("SELECT n, price FROM `p.d.t` ORDER BY n"))
                .iterateAll()) {
            seen.add(row.get(0).getStringValue() + ":" + row.get(1).getStringValue());
        }
        return seen;
    }

    @Test
    void committedRowsAreSeenByQueriesAtOnceAndOffsetsAreChecked() throws Exception {
        try (JsonStreamWriter writer = writer(create(WriteStream.Type.COMMITTED))) {
            assertThat(get(writer.append(rows(0, 2), 0))
                            .getAppendResult()
                            .getOffset()
                            .getValue())
                    .isZero();
            assertThat(visible()).containsExactly("0:0.25", "1:1.25");
            assertThatThrownBy(() -> get(writer.append(rows(0, 2), 0)))
                    .isInstanceOfSatisfying(Exceptions.OffsetAlreadyExists.class, there -> {
                        assertThat(there.getExpectedOffset()).isEqualTo(2);
                        assertThat(there.getActualOffset()).isZero();
                    });
            assertThatThrownBy(() -> get(writer.append(rows(5, 6), 5)))
                    .isInstanceOfSatisfying(
                            Exceptions.OffsetOutOfRange.class,
                            beyond -> assertThat(beyond.getExpectedOffset()).isEqualTo(2));
        }
    }

    @Test
    void aLostAnswerIsToldAsAlreadyThereByTheClientsOwnRetry() throws Exception {
        server.faults().onAppend(1, AppendFault.ACKNOWLEDGEMENT_LOST);
        try (JsonStreamWriter writer = writer(create(WriteStream.Type.COMMITTED))) {
            assertThatThrownBy(() -> get(writer.append(rows(0, 2), 0)))
                    .isInstanceOf(Exceptions.OffsetAlreadyExists.class);
        }
        assertThat(visible()).hasSize(2);
    }

    @Test
    void anEndedStreamTakesNothingMore() throws Exception {
        String stream = create(WriteStream.Type.COMMITTED);
        try (JsonStreamWriter writer = writer(stream)) {
            get(writer.append(rows(0, 3), 0));
            assertThat(client.finalizeWriteStream(stream).getRowCount()).isEqualTo(3);
            assertThatThrownBy(() -> get(writer.append(rows(3, 4), 3)))
                    .isInstanceOf(Exceptions.StreamFinalizedException.class);
        }
        assertThat(visible()).hasSize(3);
    }

    @Test
    void pendingStreamsAreCommittedTogetherOrNotAtAll() throws Exception {
        List<String> streams = List.of(create(WriteStream.Type.PENDING), create(WriteStream.Type.PENDING));
        for (int i = 0; i < 2; i++) {
            try (JsonStreamWriter writer = writer(streams.get(i))) {
                get(writer.append(rows(i * 10, i * 10 + 2), 0));
            }
        }
        client.finalizeWriteStream(streams.get(0));
        BatchCommitWriteStreamsRequest both = BatchCommitWriteStreamsRequest.newBuilder()
                .setParent(TABLE)
                .addAllWriteStreams(streams)
                .build();
        BatchCommitWriteStreamsResponse early = client.batchCommitWriteStreams(both);
        assertThat(early.hasCommitTime()).isFalse();
        assertThat(early.getStreamErrorsList())
                .extracting(error -> error.getCode())
                .containsExactly(StorageErrorCode.INVALID_STREAM_STATE);
        assertThat(visible()).isEmpty();

        client.finalizeWriteStream(streams.get(1));
        assertThat(client.batchCommitWriteStreams(both).hasCommitTime()).isTrue();
        assertThat(visible()).containsExactly("0:0.25", "1:1.25", "10:10.25", "11:11.25");
        assertThat(client.batchCommitWriteStreams(both).getStreamErrorsList())
                .extracting(error -> error.getCode())
                .containsOnly(StorageErrorCode.STREAM_ALREADY_COMMITTED)
                .hasSize(2);
        assertThat(visible()).hasSize(4);
    }

    @Test
    void bufferedRowsAreSeenUpToWhereTheyWereFlushed() throws Exception {
        String stream = create(WriteStream.Type.BUFFERED);
        try (JsonStreamWriter writer = writer(stream)) {
            get(writer.append(rows(0, 5), 0));
            assertThat(visible()).isEmpty();
            client.flushRows(FlushRowsRequest.newBuilder()
                    .setWriteStream(stream)
                    .setOffset(Int64Value.of(2))
                    .build());
            assertThat(visible()).hasSize(3);
        }
    }

    @Test
    void theDefaultStreamNeedsNoOffsets() throws Exception {
        try (JsonStreamWriter writer = writer(TABLE + "/streams/_default")) {
            assertThat(get(writer.append(rows(0, 2))).getAppendResult().hasOffset())
                    .isFalse();
        }
        assertThat(visible()).hasSize(2);
    }

    @Test
    void oneBadRowKeepsItsWholeRequestOut() throws Exception {
        try (JsonStreamWriter writer = writer(create(WriteStream.Type.COMMITTED))) {
            JSONArray rows = rows(0, 3);
            rows.getJSONObject(1).put("price", "123456789.25");
            assertThatThrownBy(() -> get(writer.append(rows, 0)))
                    .isInstanceOfSatisfying(
                            Exceptions.AppendSerializationError.class,
                            bad -> assertThat(bad.getRowIndexToErrorMessage()).containsOnlyKeys(1));
        }
        assertThat(visible()).isEmpty();
    }
}
