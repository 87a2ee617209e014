package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that was typed with a password in it comes back on the terminal (R13). */
class SecretsInMessagesTest {

    private static final String SECRET = "hunter2";
    private static final String RANGE =
            " --series BINANCE:SPOT_PAIR:BTC-USDT/candles:1h --start 2023-01-01 --end 2023-02-01";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgers:jdbc:postgresql://me:hunter2@127.0.0.1:1/x",
                "jdbc:postgresql://me:hunter2@127.0.0.1:1/x",
                "postgresql://me:hunter2@127.0.0.1:1/x",
                "postgres//me:hunter2@127.0.0.1:1/x",
                "postgres:jdbc:postgresql://me:hunter2@127.0.0.1:1/x",
                "postgres:jdbc:postgresql://127.0.0.1:1/x?user=me&password=hunter2",
                "postgres:jdbc:postgresql://me:p@ss/hunter2@127.0.0.1:1/x",
                "postgres:jdbc:postgresql://me:hunter2@127.0.0.1:notaport/x",
                "clickhouse:http://me:hunter2@127.0.0.1:1/x",
                "clickhouse:http://127.0.0.1:1/x?user=me&password=hunter2",
                "clickhouse:ftp://me:hunter2@127.0.0.1:1/x",
                "clickhuose:http://me:hunter2@127.0.0.1:1/x",
                "s3:me:hunter2@bucket/x",
                "s3://me:hunter2@bucket/x",
                "gcs:me:hunter2@bucket/x",
                "gcs://me:hunter2@bucket/x",
                "bigquery:me:hunter2@project.dataset",
                "bigquery:project.dataset?token=hunter2",
                "gs://me:hunter2@bucket/x"
            })
    void noAddressComesBackWithItsPassword(String address) {
        assertSilent("verify --store " + address);
        assertSilent("verify --debug --store " + address);
        assertSilent("verify --store=" + address);
        assertSilent("verify " + address);
        assertSilent("verify --store parquet:" + directory + " --repair " + address);
        assertSilent("verify --" + address);
        assertSilent(address);
        assertSilent("status --store " + address);
        assertSilent("latest --store " + address);
        assertSilent("combine --store " + address + " --out " + directory.resolve("x") + RANGE);
        assertSilent("copy --all --from " + address + " --to " + address);
        assertSilent("copy --all --from " + address + " --to parquet:" + directory);
        assertSilent("compare --all --left " + address + " --right parquet:" + directory);
        assertSilent("plan --from " + address + " --to parquet:" + directory + RANGE);
        assertSilent("ingest-from-dir --source " + directory + " --to " + address);
        assertSilent("ingest-from-dir --source " + address + " --to parquet:" + directory);
        assertSilent("download --type spot --symbols BTCUSDT --date 2024-01-01 --dir " + directory + " " + address);
        assertSilent(
                "gaps --store parquet:" + directory + " --series " + address + " --start 2023-01-01 --end 2023-02-01");
    }

    @Test
    void anAddressOfNobodyIsNamedByItsSchemeWithThoseThatAreKnown() {
        Run run = Run.of(Map.of(), "verify", "--store", "postgers:jdbc:postgresql://me:hunter2@h/x");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains("'postgers:…' is no store known here", "postgres:jdbc:postgresql://", "parquet:");
    }

    private static void assertSilent(String line) {
        Run run = Run.of(Map.of(), line.split(" "));

        assertThat(run.out() + run.err()).as(line).isNotEmpty().doesNotContain(SECRET);
    }
}
