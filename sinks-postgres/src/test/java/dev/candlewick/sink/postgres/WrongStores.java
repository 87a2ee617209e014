package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.WriteResult;
import java.util.ArrayList;
import java.util.List;

/** The PostgreSQL store, made wrong on purpose: trials on the real server that do not notice prove nothing. */
enum WrongStores {
    /** Whatever happens is called a success. */
    CALLS_EVERYTHING_DONE {
        @Override
        WriteResult commit(Store store, Series series, TimeRange range, List<Batch> rows, Provenance provenance) {
            try {
                return store.write(Batches.of(series, range, rows, provenance));
            } catch (Unavailable | Unconfirmed lost) {
                return new WriteResult(0, List.of(), 0);
            }
        }
    },
    /** Rows are written again without looking who wrote meanwhile. */
    WRITES_AGAIN_OVER_NEWER_ROWS {
        @Override
        WriteResult commit(Store store, Series series, TimeRange range, List<Batch> rows, Provenance provenance) {
            return store.write(Batches.of(series, range, rows, provenance));
        }
    };

    abstract WriteResult commit(Store store, Series series, TimeRange range, List<Batch> rows, Provenance provenance);

    Store over(Store store) {
        return new Store() {
            @Override
            public String name() {
                return store.name();
            }

            @Override
            public boolean serves(Series series) {
                return store.serves(series);
            }

            @Override
            public List<Series> series() {
                return store.series();
            }

            @Override
            public List<LedgerEntry> ledger(Series series, TimeRange range) {
                return store.ledger(series, range);
            }

            @Override
            public Batches read(Series series, TimeRange range) {
                return store.read(series, range);
            }

            @Override
            public List<String> forget(Series series, TimeRange range) {
                return store.forget(series, range);
            }

            // Opens nothing before the commit, so that what was there when the writing began is not remembered.
            @Override
            public SinkWriter open(Series series, TimeRange range) {
                List<Batch> rows = new ArrayList<>();
                return new SinkWriter() {
                    @Override
                    public void append(Batch batch) {
                        rows.add(batch);
                    }

                    @Override
                    public WriteResult commit(Provenance provenance) {
                        return WrongStores.this.commit(store, series, range, rows, provenance);
                    }

                    @Override
                    public void close() {}
                };
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }
}
