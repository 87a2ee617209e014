package dev.candlewick.sink.gcp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What statements mean, and that what is not understood is refused by name. */
class GoogleSqlTest {
    private static BigQueryScene scene;

    @BeforeAll
    static void start() {
        scene = new BigQueryScene();
        scene.client.create(DatasetInfo.of("d"));
        scene.rows("CREATE TABLE d.t (k STRING NOT NULL, v INT64, n NUMERIC(20, 4))");
        scene.rows("INSERT INTO d.t VALUES ('a', 1, NUMERIC '1.5'), ('b', 2, NULL), ('c', NULL, NUMERIC '-3')");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    static Stream<List<Object>> queries() {
        return Stream.of(
                List.of("SELECT k, v FROM d.t ORDER BY v", "[[c, NULL], [a, 1], [b, 2]]"),
                List.of("SELECT k FROM d.t ORDER BY v DESC LIMIT 2", "[[b], [a]]"),
                List.of(
                        "SELECT * EXCEPT (n) FROM `project-1.d.t` AS x WHERE X.K >= 'b' ORDER BY 1",
                        "[[b, 2], [c, NULL]]"),
                List.of("SELECT COUNT(*) c, COUNT(v) w, SUM(v) s, SUM(n) q FROM d.t", "[[3, 2, 3, -1.5]]"),
                List.of("SELECT k, ROW_NUMBER() OVER (ORDER BY k DESC) AS r FROM d.t QUALIFY r = 1", "[[c, 1]]"),
                List.of(
                        "SELECT k FROM d.t EXCEPT DISTINCT SELECT 'b' UNION ALL SELECT 'z'",
                        "Different set operations cannot be used"),
                List.of(
                        "(SELECT k FROM d.t EXCEPT DISTINCT SELECT 'b') UNION ALL SELECT 'z' ORDER BY k",
                        "[[a], [c], [z]]"),
                List.of(
                        "WITH x AS (SELECT k, v FROM d.t) SELECT x.k, y.v FROM x LEFT JOIN d.t AS y USING (k) ORDER BY k",
                        "[[a, 1], [b, 2], [c, NULL]]"),
                List.of(
                        "SELECT GREATEST(1, NULL), CONCAT('a', NULL), IFNULL(NULL, 3), IF(1 > 2, 'x', 'y')",
                        "[[NULL, NULL, 3, y]]"),
                List.of("SELECT CAST(1.5 AS INT64), CAST(2.5 AS INT64), CAST('7' AS INT64)", "[[2, 3, 7]]"),
                List.of(
                        "SELECT UNIX_MICROS(TIMESTAMP_TRUNC(TIMESTAMP_ADD(TIMESTAMP '2024-01-31 23:30:00', INTERVAL 90 MINUTE), DAY))",
                        "[[1706745600000000]]"),
                List.of("SELECT TIMESTAMP_DIFF(TIMESTAMP '2024-01-02', TIMESTAMP '2024-01-01 00:00:01', DAY)", "[[0]]"),
                List.of("SELECT UNIX_MICROS(TIMESTAMP '2024-01-01 02:00:00+02')", "[[1704067200000000]]"),
                List.of(
                        "SELECT EXISTS (SELECT 1 FROM d.t WHERE v = 2), (SELECT MAX(v) FROM d.t), 3 IN (SELECT v FROM d.t WHERE v IS NOT NULL)",
                        "[[true, 2, false]]"),
                List.of("SELECT k FROM d.t WHERE k LIKE 'a%' OR k NOT IN ('a', 'b') ORDER BY k", "[[a], [c]]"),
                List.of("SELECT STRING_AGG(k, '-' ORDER BY k DESC) FROM d.t", "[[c-b-a]]"),
                List.of(
                        "SELECT CASE v WHEN 1 THEN 'one' ELSE 'more' END AS w FROM d.t WHERE v IS NOT NULL ORDER BY w",
                        "[[more], [one]]"),
                List.of("SELECT -- a remark\n 1 # another\n /* and\n this */", "[[1]]"));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void aQueryMeansWhatItMeansToBigQuery(List<Object> example) {
        String sql = example.get(0).toString();
        String expected = example.get(1).toString();
        if (expected.startsWith("[[")) {
            assertThat(scene.rows(sql).toString()).isEqualTo(expected);
        } else {
            assertThat(refusal(sql).getMessage()).contains(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT FARM_FINGERPRINT('a')|FARM_FINGERPRINT",
                "SELECT v / 2 FROM d.t|operator /",
                "SELECT STRUCT(1)|STRUCT",
                "SELECT (1, 2)|STRUCT",
                "SELECT k FROM d.t FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()|FOR SYSTEM_TIME",
                "SELECT * FROM d.INFORMATION_SCHEMA.TABLES|INFORMATION_SCHEMA",
                "SELECT wrong FROM d.t|Unrecognized name: wrong at [1:8]",
                "SELECT t.wrong FROM d.t|Name wrong not found inside t",
                "SELECT a.k FROM d.t AS a JOIN d.t AS b ON k = 'a'|Column name k is ambiguous",
                "SELECT k FROM d.absent|Table project-1:d.absent",
                "SELECT k FROM absent.t|Dataset project-1:absent",
                "SELEC 1|SELEC",
                "SELECT 1 FROM|identifier",
                "SELECT r'raw'|r",
                "SELECT 1 UNION SELECT 2|ALL or keyword DISTINCT",
                "SELECT $1|$",
                "SELECT @missing|'missing' not found",
                "SELECT 1; SELECT 2 3|3",
                "DELETE FROM d.t|DELETE must have a WHERE clause",
                "EXECUTE IMMEDIATE 'SELECT 1'|EXECUTE",
                "CREATE TEMP TABLE x (a INT64)|temporary",
                "CREATE TABLE d.x (a ARRAY<INT64>)|ARRAY",
                "ALTER TABLE d.t ADD COLUMN x INT64|ALTER",
                "SELECT CAST(1.5 AS STRING)|FLOAT64 to STRING",
                "SELECT CAST(v AS BYTES) FROM d.t|BYTES",
                "SELECT 9223372036854775807 + 1|verflow",
                "SELECT ERROR('own words')|own words",
            })
    void whatIsNotUnderstoodIsNamed(String example) {
        int bar = example.lastIndexOf('|');
        BigQueryException refusal = refusal(example.substring(0, bar));
        assertThat(refusal.getMessage()).contains(example.substring(bar + 1));
        assertThat(refusal.getError().getReason()).isIn("invalidQuery", "notFound", "notImplemented");
    }

    @Test
    void mergeChangesInsertsAndDeletes() {
        scene.rows("CREATE TABLE d.m AS SELECT k, v FROM d.t");
        scene.rows("""
                MERGE d.m AS m USING (SELECT 'a' AS k, 10 AS v UNION ALL SELECT 'new', 20) AS s ON m.k = s.k
                WHEN MATCHED AND s.v > 5 THEN UPDATE SET v = s.v
                WHEN NOT MATCHED THEN INSERT (k, v) VALUES (k, v)
                WHEN NOT MATCHED BY SOURCE AND m.k = 'c' THEN DELETE
                """);
        assertThat(scene.rows("SELECT k, v FROM d.m ORDER BY k").toString()).isEqualTo("[[a, 10], [b, 2], [new, 20]]");
        assertThat(refusal(
                                "MERGE d.m m USING (SELECT 'a' AS k UNION ALL SELECT 'a') s ON m.k = s.k WHEN MATCHED THEN DELETE")
                        .getMessage())
                .contains("must match at most one source row");
    }

    @Test
    void definitionsSayWhatTheServiceWouldShow() {
        scene.rows("""
                CREATE TABLE IF NOT EXISTS d.defined (code STRING NOT NULL, minute TIMESTAMP NOT NULL, n NUMERIC(30, 8))
                PARTITION BY TIMESTAMP_TRUNC(minute, HOUR) CLUSTER BY code
                OPTIONS (partition_expiration_days = 30, require_partition_filter = TRUE, description = 'x', labels = [('a', 'b')])
                """);
        scene.rows("CREATE TABLE IF NOT EXISTS d.defined (other INT64)");
        StandardTableDefinition found =
                scene.client.getTable(TableId.of("d", "defined")).getDefinition();
        assertThat(found.getTimePartitioning().getType().name()).isEqualTo("HOUR");
        assertThat(found.getTimePartitioning().getField()).isEqualTo("minute");
        assertThat(found.getTimePartitioning().getExpirationMs()).isEqualTo(30L * 24 * 3600 * 1000);
        assertThat(found.getClustering().getFields()).containsExactly("code");
        assertThat(scene.client.getTable(TableId.of("d", "defined")).getRequirePartitionFilter())
                .isTrue();
        assertThat(scene.client.getTable(TableId.of("d", "defined")).getLabels())
                .containsEntry("a", "b");
        assertThat(refusal("CREATE TABLE d.defined (a INT64)").getError().getReason())
                .isEqualTo("duplicate");
        scene.rows("DROP TABLE d.defined");
        scene.rows("DROP TABLE IF EXISTS d.defined");
        assertThat(refusal("DROP TABLE d.defined").getError().getReason()).isEqualTo("notFound");
    }

    @Test
    void aHandlerCatchesAndMayRaiseAgain() {
        assertThat(refusal("""
                        DECLARE seen STRING DEFAULT '';
                        BEGIN
                          SELECT ERROR('first');
                        EXCEPTION WHEN ERROR THEN
                          SET seen = @@error.message;
                          RAISE USING MESSAGE = CONCAT('caught ', seen);
                        END;
                        """).getMessage()).contains("caught").contains("first");
    }

    private static BigQueryException refusal(String sql) {
        BigQueryException refusal = catchThrowableOfType(BigQueryException.class, () -> scene.rows(sql));
        assertThat(refusal).as(sql).isNotNull();
        return refusal;
    }
}
