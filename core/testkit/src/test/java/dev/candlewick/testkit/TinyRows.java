package dev.candlewick.testkit;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Series;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Candles on the wire: each row after a 1, and a 0 at the end. */
final class TinyRows {

    private TinyRows() {}

    static void write(DataOutputStream out, List<Batch> batches) throws IOException {
        for (Batch batch : batches) {
            for (int row = 0; row < batch.rows(); row++) {
                out.write(1);
                for (int column = 0; column < batch.columns().size(); column++) {
                    out.writeUTF(batch.columns().get(column).text(row));
                }
            }
        }
        out.write(0);
    }

    static List<Batch> read(Series series, DataInputStream in) throws IOException {
        BatchBuilder builder = new BatchBuilder(series, 1_000);
        while (true) {
            int more = in.read();
            if (more < 0) {
                throw new ShortRows(builder.rows() == 0 ? List.of() : List.of(builder.build()));
            }
            if (more == 0) {
                return builder.rows() == 0 ? List.of() : List.of(builder.build());
            }
            String[] cells = new String[series.schema().fields().size()];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = in.readUTF();
            }
            builder.row(
                    Instant.parse(cells[0]),
                    cells[1],
                    cells[2],
                    cells[3],
                    cells[4],
                    cells[5],
                    Instant.parse(cells[6]),
                    cells[7],
                    Long.parseLong(cells[8]),
                    cells[9],
                    cells[10]);
        }
    }

    /** The stream ended between two rows. */
    static final class ShortRows extends EOFException {

        private static final long serialVersionUID = 1L;

        private final transient List<Batch> rows;

        ShortRows(List<Batch> rows) {
            super("the rows end early");
            this.rows = rows;
        }

        List<Batch> rows() {
            return rows;
        }
    }
}
