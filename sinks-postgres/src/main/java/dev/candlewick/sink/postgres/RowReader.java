package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.Corrupt;
import dev.candlewick.Series;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/** Rows as the server sends them, a batch at a time. For one thread. */
final class RowReader {

    private static final int BATCH_ROWS = 16_384;

    private final CopyOut copy;
    private final CopyDecoder decoder;
    private boolean ended;

    /** Starts the statement; nothing else can be asked of the transaction until the last row has been read. */
    RowReader(Transaction transaction, Series series, String select) throws SQLException {
        this.copy = transaction.copyOut(select);
        this.decoder = new CopyDecoder(series, BATCH_ROWS);
    }

    /** The next rows; empty after the last. */
    Optional<Batch> next() throws SQLException {
        while (!ended) {
            byte @Nullable [] message = copy.readFromCopy();
            if (message == null) {
                ended = true;
                return decoder.end();
            }
            Optional<Batch> batch = decoded(message);
            if (batch.isPresent()) {
                return batch;
            }
        }
        return Optional.empty();
    }

    private Optional<Batch> decoded(byte[] message) throws SQLException {
        try {
            return decoder.take(message);
        } catch (Corrupt damaged) {
            // Read to its end, so that the transaction can go on.
            while (copy.readFromCopy() != null) {
                ended = true;
            }
            ended = true;
            throw damaged;
        }
    }
}
