package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.DataFormatOptions;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store makes of credentials, and of a client that it is given. */
class ClientTest {

    private static final DataFormatOptions INT64 =
            DataFormatOptions.newBuilder().useInt64Timestamp(true).build();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'service_account', 'client_id': '1', 'client_email': 'a@b.example', 'private_key_id': 'SECRET',"
                        + " 'private_key': '-----BEGIN PRIVATE KEY-----\\n*SECRET*\\n-----END PRIVATE KEY-----\\n'}",
                "{'type': 'service_account', 'client_id': '1', 'client_email': 'a@b.example', 'private_key_id': 'SECRET',"
                        + " 'private_key': 'SECRET'}",
                "{'type': 'SECRET'}",
                "{'type': 7, 'SECRET': 1}",
                "SECRET",
                ""
            })
    void aKeyFileThatCannotBeReadIsNamedAndNothingInItIs(String content) throws IOException {
        Path file = folder.resolve("key.json");
        Files.writeString(file, content.replace('\'', '"'));
        BigQueryStore.Builder settings =
                BigQueryStore.builder("my-project", "market").credentials(file);
        Throwable refused = catchThrowable(settings::client);
        assertThat(refused).isInstanceOf(Refused.class).hasMessageContaining(file.toString());
        StringWriter trace = new StringWriter();
        refused.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("SECRET");
    }

    @Test
    void aClientOfTheCallerReadsTimesOfTheseCenturiesAndWithTheOptionAllExactly() {
        Schema schema = new Schema(List.of(Field.time("at"), Field.text("note")), "at", List.of("at"));
        Series events = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m")
                .with(new Dataset("moments", schema, Cadence.events()));
        List<Instant> near = List.of(
                Instant.parse("1900-01-01T00:00:00.000001Z"),
                Instant.parse("2024-02-29T23:59:59.999999Z"),
                Instant.parse("2099-12-31T23:59:59.999999Z"));
        Instant far = Instant.parse("9998-12-31T23:59:59.999997Z");
        try (LocalBigQuery server = LocalBigQuery.start()) {
            try (BigQueryStore own = LocalStores.builder(server, "moments").build()) {
                near.forEach(at -> write(own, events, at));
                write(own, events, far);
            }
            BigQuery plain = LocalStores.client(server);
            BigQuery exact = plain.getOptions().toBuilder()
                    .setDataFormatOptions(INT64)
                    .build()
                    .getService();
            near.forEach(at -> assertThat(read(plain, events, at)).isEqualTo(at));
            near.forEach(at -> assertThat(read(exact, events, at)).isEqualTo(at));
            assertThat(read(exact, events, far)).isEqualTo(far);
        }
    }

    private static TimeRange day(Instant at) {
        return TimeRange.day(at.atZone(ZoneOffset.UTC).toLocalDate(), ZoneOffset.UTC);
    }

    private static void write(BigQueryStore to, Series events, Instant at) {
        Batch row = new BatchBuilder(events, 1).row(at, "event").build();
        to.write(Batches.of(events, day(at), List.of(row), Provenance.none()));
    }

    private static Instant read(BigQuery client, Series events, Instant at) {
        try (BigQueryStore store = BigQueryStore.builder(client, "moments").build();
                Batches batches = store.read(events, day(at))) {
            return TimeRange.instant(batches.iterator().next().times().epochMicros(0));
        }
    }
}
