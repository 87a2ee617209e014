package dev.candlewick.sink.bigquery.streaming;

import com.google.api.core.ApiFuture;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteSettings;
import com.google.cloud.bigquery.storage.v1.JsonStreamWriter;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.Series;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.bigquery.Partitioning;
import dev.candlewick.testkit.SyntheticCandles;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.json.JSONArray;
import org.json.JSONObject;

/** A month of candles by {@link BigQueryStream} and by Google's {@code JsonStreamWriter}, in turn, into the same local server. */
final class StreamBenchmark {

    private static final int ROUNDS = 5;
    private static final int ROWS_PER_APPEND = 5_000;

    private StreamBenchmark() {}

    /** Prints the rows per second of each, the medians of five rounds, and their ratio. */
    public static void main(String[] arguments) throws Exception {
        Series series = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
        Batch month = SyntheticCandles.batch(series, TimeRange.month("2024-01"));
        try (StreamBed bed = new StreamBed()) {
            StreamTable.create(
                    bed.client,
                    TableId.of("p", "d", "candles"),
                    series.dataset(),
                    Partitioning.DAY,
                    Duration.ofDays(40_000));
            double[] ours = new double[ROUNDS];
            double[] json = new double[ROUNDS];
            for (int round = -2; round < ROUNDS; round++) {
                double mine = stream(bed, month);
                double theirs = json(bed, month);
                if (round >= 0) {
                    ours[round] = mine;
                    json[round] = theirs;
                }
            }
            Arrays.sort(ours);
            Arrays.sort(json);
            System.out.printf(
                    "BigQueryStream %.0f rows/s, JsonStreamWriter %.0f rows/s, ratio %.2f%n",
                    ours[ROUNDS / 2], json[ROUNDS / 2], ours[ROUNDS / 2] / json[ROUNDS / 2]);
        }
    }

    private static double stream(StreamBed bed, Batch month) {
        long begun = System.nanoTime();
        try (BigQueryStream stream = BigQueryStream.into("p.d.candles")
                .access(bed.access())
                .open(month.series().dataset())) {
            for (int from = 0; from < month.rows(); from += ROWS_PER_APPEND) {
                stream.append(month.slice(from, Math.min(month.rows(), from + ROWS_PER_APPEND)));
            }
            stream.flush();
        }
        return perSecond(month, begun);
    }

    private static double json(StreamBed bed, Batch month) throws Exception {
        long begun = System.nanoTime();
        BigQueryWriteClient client = BigQueryWriteClient.create(BigQueryWriteSettings.newBuilder()
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(BigQueryWriteSettings.defaultGrpcTransportProviderBuilder()
                        .setEndpoint(bed.endpoint())
                        .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                        .build())
                .build());
        try {
            String name = client.createWriteStream(
                            "projects/p/datasets/d/tables/candles",
                            WriteStream.newBuilder()
                                    .setType(WriteStream.Type.COMMITTED)
                                    .build())
                    .getName();
            Deque<ApiFuture<AppendRowsResponse>> unanswered = new ArrayDeque<>();
            try (JsonStreamWriter writer =
                    JsonStreamWriter.newBuilder(name, client).build()) {
                for (int from = 0; from < month.rows(); from += ROWS_PER_APPEND) {
                    unanswered.add(
                            writer.append(objects(month, from, Math.min(month.rows(), from + ROWS_PER_APPEND)), from));
                }
                for (ApiFuture<AppendRowsResponse> answer : unanswered) {
                    answer.get();
                }
            }
        } finally {
            client.shutdownNow();
        }
        return perSecond(month, begun);
    }

    private static JSONArray objects(Batch month, int from, int to) {
        JSONArray rows = new JSONArray();
        for (int row = from; row < to; row++) {
            JSONObject object = new JSONObject()
                    .put("venue", month.series().subject().venue())
                    .put("kind", month.series().subject().kind())
                    .put("code", month.series().subject().code());
            for (Column column : month.columns()) {
                if (column instanceof TimeColumn times) {
                    object.put(column.name(), times.epochMicros(row));
                } else if (column instanceof LongColumn longs) {
                    object.put(column.name(), longs.value(row));
                } else if (column instanceof DecimalColumn decimals) {
                    object.put(column.name(), decimals.text(row));
                }
            }
            rows.put(object);
        }
        return rows;
    }

    private static double perSecond(Batch month, long begun) {
        return month.rows() * 1e9 / (System.nanoTime() - begun);
    }
}
