package dev.candlewick.sink.gcp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TableResult;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values on their way into tables, through SQL and out again. */
class BigQueryTypesTest {
    private static BigQueryScene scene;

    @BeforeAll
    static void start() {
        scene = new BigQueryScene().withCandles();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void everyTypeComesBackAsItsText() throws InterruptedException {
        TableResult result = scene.client.query(QueryJobConfiguration.of("""
                SELECT 'a\\'b\\u00e9' AS s, -9223372036854775807 AS i, CAST('NaN' AS FLOAT64) AS nan,
                  CAST('-inf' AS FLOAT64) AS infinite, 0.1 AS f, TRUE AS b, NUMERIC '99999999999999999999999999999.999999999' AS n,
                  BIGNUMERIC '0.00000000000000000000000000000000000001' AS big, TIMESTAMP '1969-12-31 23:59:59.999999' AS t,
                  DATE '2024-02-29' AS d, CAST(NULL AS INT64) AS nothing
                """));
        FieldValueList row = result.iterateAll().iterator().next();

        assertThat(row.get("s").getStringValue()).isEqualTo("a'bé");
        assertThat(row.get("i").getLongValue()).isEqualTo(-Long.MAX_VALUE);
        assertThat(row.get("nan").getDoubleValue()).isNaN();
        assertThat(row.get("infinite").getDoubleValue()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(row.get("f").getDoubleValue()).isEqualTo(0.1);
        assertThat(row.get("b").getBooleanValue()).isTrue();
        assertThat(row.get("n").getNumericValue()).isEqualTo(new BigDecimal("99999999999999999999999999999.999999999"));
        assertThat(row.get("big").getNumericValue()).isEqualByComparingTo("1E-38");
        assertThat(row.get("t").getTimestampValue()).isEqualTo(-1);
        assertThat(row.get("d").getStringValue()).isEqualTo("2024-02-29");
        assertThat(row.get("nothing").isNull()).isTrue();
        assertThat(result.getSchema().getFields().get("n").getType().getStandardType())
                .isEqualTo(StandardSQLTypeName.NUMERIC);
        assertThat(result.getSchema().getFields().get("big").getType().getStandardType())
                .isEqualTo(StandardSQLTypeName.BIGNUMERIC);
    }

    @Test
    void parametersKeepTheirTypes() throws InterruptedException {
        QueryJobConfiguration query = QueryJobConfiguration.newBuilder("""
                        SELECT @text AS text, @number + 1 AS number, @decimal AS decimal, @time AS time,
                          (SELECT COUNT(*) FROM UNNEST(@codes) AS code WHERE code <> 'b') AS others, 'b' IN UNNEST(@codes) AS there
                        """)
                .addNamedParameter("text", QueryParameterValue.string("a'b\\ \0 \n"))
                .addNamedParameter("number", QueryParameterValue.int64(9_007_199_254_740_993L))
                .addNamedParameter("decimal", QueryParameterValue.numeric(new BigDecimal("1.100000001")))
                .addNamedParameter("time", QueryParameterValue.timestamp(1_704_067_200_000_001L))
                .addNamedParameter("codes", QueryParameterValue.array(new String[] {"a", "b", "c"}, String.class))
                .build();
        FieldValueList row = scene.client.query(query).iterateAll().iterator().next();

        assertThat(row.get("text").getStringValue()).isEqualTo("a'b\\ \0 \n");
        assertThat(row.get("number").getLongValue()).isEqualTo(9_007_199_254_740_994L);
        assertThat(row.get("decimal").getNumericValue()).isEqualTo(new BigDecimal("1.100000001"));
        assertThat(row.get("time").getTimestampValue()).isEqualTo(1_704_067_200_000_001L);
        assertThat(row.get("others").getLongValue()).isEqualTo(2);
        assertThat(row.get("there").getBooleanValue()).isTrue();
    }

    @Test
    void decimalsAreWrittenWithoutClosingZeros() {
        assertThat(scene.rows("SELECT NUMERIC '1.50', NUMERIC '100', NUMERIC '0.000', CAST(NUMERIC '2.50' AS STRING)"))
                .containsExactly(List.of("1.5", "100", "0", "2.5"));
    }

    @Test
    void aTableRemembersHowItWasDeclared() {
        scene.client.create(DatasetInfo.of("types"));
        TableId id = TableId.of(BigQueryScene.PROJECT, "types", "t");
        scene.client.create(TableInfo.of(
                id,
                StandardTableDefinition.of(Schema.of(
                        BigQueryScene.required("Id", StandardSQLTypeName.INT64),
                        Field.newBuilder("n", StandardSQLTypeName.NUMERIC)
                                .setPrecision(38L)
                                .setScale(9L)
                                .build(),
                        Field.newBuilder("b", StandardSQLTypeName.BIGNUMERIC)
                                .setPrecision(38L)
                                .setScale(18L)
                                .setDescription("wide")
                                .build()))));

        Schema schema = scene.client.getTable(id).getDefinition().getSchema();
        assertThat(schema.getFields().get("Id").getMode()).isEqualTo(Field.Mode.REQUIRED);
        assertThat(schema.getFields().get("n").getPrecision()).isEqualTo(38);
        assertThat(schema.getFields().get("b").getScale()).isEqualTo(18);
        assertThat(schema.getFields().get("b").getDescription()).isEqualTo("wide");
        scene.rows("INSERT INTO types.t (id, b) VALUES (1, BIGNUMERIC '12345678901234567890.000000000000000001')");
        assertThat(scene.rows("SELECT b, n FROM types.t"))
                .containsExactly(List.of("12345678901234567890.000000000000000001", "NULL"));
    }

    @Test
    void aDecimalTypeThatTheServiceDoesNotHaveIsRefused() {
        assertThat(refusal("CREATE TABLE market.t (n NUMERIC(20, 10))")).contains("S must be between 0 and 9");
        assertThat(refusal("CREATE TABLE market.t (n NUMERIC(31, 1))")).contains("P must be between 1 and 30");
    }

    @Test
    void insertTakesOnlyTypesThatGoogleSqlCoerces() {
        assertThat(
                        refusal(
                                "INSERT INTO market.candles_1m (code, open_time, close) VALUES ('a', TIMESTAMP '2024-01-01', 1.5)"))
                .contains("type FLOAT64 which cannot be inserted into column close");
        assertThat(refusal("INSERT INTO market.candles_1m (code, open_time) SELECT 5, TIMESTAMP '2024-01-01'"))
                .contains("cannot be inserted into column code");
        assertThat(refusal("INSERT INTO market.candles_1m (code) VALUES ('a')"))
                .contains("Required field open_time cannot be null");
    }

    private static String refusal(String sql) {
        return catchThrowableOfType(BigQueryException.class, () -> scene.rows(sql))
                .getMessage();
    }
}
