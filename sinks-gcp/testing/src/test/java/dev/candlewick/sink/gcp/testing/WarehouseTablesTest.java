package dev.candlewick.sink.gcp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables of the server as its other protocols find them. */
class WarehouseTablesTest {
    private static final String TABLE = "projects/project-1/datasets/d/tables/t";

    @Test
    void rowsOfAnotherProtocolAreThereForQueriesAndTheOtherWayRound() {
        try (BigQueryScene scene = new BigQueryScene()) {
            scene.client.create(DatasetInfo.of("d"));
            scene.rows(
                    "CREATE TABLE d.t (s STRING NOT NULL, i INT64, f FLOAT64, b BOOL, t TIMESTAMP, n NUMERIC(20, 8))");
            WarehouseTables tables = new WarehouseTables(scene.server.warehouse());

            assertThat(tables.schema(TABLE).orElseThrow().getFieldsList())
                    .extracting(TableFieldSchema::getName, TableFieldSchema::getType)
                    .contains(
                            org.assertj.core.groups.Tuple.tuple("t", TableFieldSchema.Type.TIMESTAMP),
                            org.assertj.core.groups.Tuple.tuple("n", TableFieldSchema.Type.NUMERIC));
            assertThat(tables.schema(TABLE + "x")).isEmpty();
            Object[] row = {"é\0", 1L, -0.0, true, -1L, new BigDecimal("123456789012.12345678")};
            tables.append(TABLE, List.of(row, new Object[] {"nulls", null, null, null, null, null}));

            assertThat(scene.rows("SELECT i, t, n FROM d.t WHERE b").toString())
                    .isEqualTo("[[1, -1.0E-6, 123456789012.12345678]]");
            assertThat(tables.read(TABLE, List.of("s", "i", "f", "b", "t", "n"), "t < TIMESTAMP '1970-01-01'"))
                    .containsExactly(row);
            assertThat(tables.read(TABLE, List.of("s"), "n IS NULL OR i > 5")).containsExactly(new Object[] {"nulls"});
            assertThatThrownBy(() ->
                            tables.append(TABLE, List.of(row, new Object[] {null, 1L, null, null, null, null})))
                    .hasMessageContaining("Required field s cannot be null");
            assertThatThrownBy(() -> tables.append(
                            TABLE,
                            List.of(row, new Object[] {"x", 1L, null, null, null, new BigDecimal("0.000000001")})))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> tables.read(TABLE, List.of("s"), "wrong = 1"))
                    .hasMessageContaining("Unrecognized name: wrong");
            assertThat(scene.rows("SELECT COUNT(*) FROM d.t")).containsExactly(List.of("2"));
        }
    }
}
