package dev.candlewick.testkit;

import dev.candlewick.Batch;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.UnitLedger;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server of units for {@link TinyStore}. Rows travel as bytes, so that they can be cut; ledger entries are handed over
 * in memory once the exchange that asks for them succeeded.
 */
final class TinyServer implements AutoCloseable {

    static final int PING = 1;
    static final int READ = 2;
    static final int WRITE = 3;
    static final int WRITE_LEDGER = 4;
    static final int WRITE_ROWS = 5;
    static final int APPEND = 6;

    static final int OK = 0;
    static final int UNCHANGED = 1;
    static final int NEWER = 2;

    /** A unit of a series, by its first instant. */
    record Key(String series, Instant unit) {}

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<Key, List<Batch>> rows = new HashMap<>();
    private final Map<Key, LedgerEntry> ledger = new HashMap<>();

    TinyServer() throws IOException {
        start(() -> {
            while (true) {
                Socket client = listener.accept();
                client.setTcpNoDelay(true);
                start(() -> serve(client));
            }
        });
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    synchronized Optional<LedgerEntry> entry(Series series, TimeRange unit) {
        return Optional.ofNullable(ledger.get(new Key(series.toString(), unit.start())));
    }

    private void serve(Socket client) throws IOException {
        try (client;
                DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()))) {
            while (true) {
                int what = in.read();
                if (what < 0) {
                    return;
                }
                if (what == PING) {
                    out.write(OK);
                    out.flush();
                    continue;
                }
                Series series = Series.parse(in.readUTF());
                TimeRange unit = TimeRange.parse(in.readUTF());
                TimeRange range = TimeRange.parse(in.readUTF());
                if (what == READ) {
                    TinyRows.write(out, held(series, unit));
                    out.flush();
                    continue;
                }
                long revision = in.readLong();
                List<Batch> batches = TinyRows.read(series, in);
                if (in.read() != '!') {
                    return;
                }
                out.write(take(what, series, unit, range, revision, batches));
                out.flush();
            }
        }
    }

    private synchronized List<Batch> held(Series series, TimeRange unit) {
        return rows.getOrDefault(new Key(series.toString(), unit.start()), List.of());
    }

    private synchronized int take(
            int what, Series series, TimeRange unit, TimeRange range, long revision, List<Batch> batches) {
        Key key = new Key(series.toString(), unit.start());
        List<Batch> old = held(series, unit);
        TimeRange replaced = range.intersection(unit).orElseThrow();
        List<Batch> now = new ArrayList<>();
        old.forEach(batch -> now.add(batch.slice(0, batch.firstRowFrom(replaced.startMicros()))));
        batches.forEach(batch -> now.add(batch.within(replaced)));
        old.forEach(batch -> now.add(batch.slice(batch.firstRowFrom(replaced.endMicros()), batch.rows())));
        now.removeIf(batch -> batch.rows() == 0);
        if (what == APPEND) {
            now.addAll(0, old);
        }
        Optional<LedgerEntry> previous = entry(series, unit);
        UnitLedger counted = new UnitLedger(series, unit);
        (what == APPEND ? batches : now).forEach(counted::add);
        LedgerEntry entry = counted.entry(previous, range, Provenance.none(), Instant.now());
        if (previous.isPresent() && previous.get().sameContent(entry) && what == WRITE) {
            return UNCHANGED;
        }
        if (revision >= 0 && previous.map(LedgerEntry::revision).orElse(0L) != revision) {
            return NEWER;
        }
        if (what != WRITE_ROWS) {
            ledger.put(key, entry);
        }
        if (what != WRITE_LEDGER) {
            rows.put(key, List.copyOf(now));
        }
        return OK;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException gone) {
                // A client that went away, or the end.
            }
        });
        thread.setName("network-trial-server");
        thread.setDaemon(true);
        thread.start();
    }
}
