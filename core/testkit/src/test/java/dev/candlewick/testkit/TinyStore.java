package dev.candlewick.testkit;

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
import dev.candlewick.spi.AppendCheck;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A store on a {@link TinyServer}: the least that is right behind a network, and wrong in the ways that are asked for. */
final class TinyStore implements Store {

    /** What a store behind a network can get wrong. */
    enum Mistake {
        NO_DEADLINE,
        READ_TIMEOUT_ONLY,
        LOST_REPLY_IS_A_FAILURE,
        LOST_REPLY_IS_A_SUCCESS,
        LEDGER_BEFORE_ROWS,
        ROWS_BEFORE_LEDGER,
        RETRY_WITHOUT_IDENTITY,
        NO_FENCE,
        SHORT_READ_IS_AN_END,
        FAILED_READ_IS_EMPTY,
        NEVER_CONNECTS_AGAIN,
        LEAVES_A_THREAD,
        LEAKS_THE_EXCEPTION_OF_THE_DRIVER
    }

    private static final int LIMIT_MILLIS = 1_500;

    private final TinyServer server;
    private final InetSocketAddress address;
    private final Set<Mistake> mistakes;
    private final ScheduledExecutorService watch;
    private Optional<Socket> connection = Optional.empty();
    private boolean lost;

    TinyStore(TinyServer server, String host, int port, Mistake... mistakes) {
        this.server = server;
        this.address = new InetSocketAddress(host, port);
        this.mistakes = EnumSet.noneOf(Mistake.class);
        this.mistakes.addAll(List.of(mistakes));
        this.watch = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "tiny-store-watch");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public String name() {
        return "tiny";
    }

    @Override
    public boolean serves(Series series) {
        return true;
    }

    @Override
    public List<Series> series() {
        ask("list its series", Outcome.CLEAR, (in, out) -> {
            out.write(TinyServer.PING);
            out.flush();
            return expect(in);
        });
        return List.of();
    }

    @Override
    public List<LedgerEntry> ledger(Series series, TimeRange range) {
        series();
        return series.cadence().unit().touching(range).stream()
                .flatMap(unit -> server.entry(series, unit).stream())
                .toList();
    }

    @Override
    public List<String> forget(Series series, TimeRange range) {
        throw new UnsupportedOperationException("No trial forgets");
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        List<Batch> rows = new ArrayList<>();
        for (TimeRange unit : series.cadence().unit().touching(range)) {
            try {
                ask("read", Outcome.CLEAR, (in, out) -> {
                            out.write(TinyServer.READ);
                            where(out, series, unit, range);
                            out.flush();
                            try {
                                return TinyRows.read(series, in);
                            } catch (TinyRows.ShortRows shorter) {
                                if (mistakes.contains(Mistake.SHORT_READ_IS_AN_END)) {
                                    return shorter.rows();
                                }
                                throw shorter;
                            }
                        })
                        .forEach(batch -> rows.add(batch.within(range)));
            } catch (Unavailable failed) {
                if (!mistakes.contains(Mistake.FAILED_READ_IS_EMPTY)) {
                    throw failed;
                }
            }
        }
        return Batches.of(series, range, rows, Provenance.none());
    }

    @Override
    public SinkWriter open(Series series, TimeRange range) {
        AppendCheck check = new AppendCheck(series, range);
        Map<TimeRange, Long> revisions = new TreeMap<>();
        List<LedgerEntry> known = ledger(series, range);
        for (TimeRange unit : series.cadence().unit().touching(range)) {
            revisions.put(unit, 0L);
            known.stream()
                    .filter(entry -> entry.unit().equals(unit))
                    .forEach(entry -> revisions.put(unit, entry.revision()));
        }
        return new Writer(series, range, check, revisions);
    }

    @Override
    public void close() {
        if (!mistakes.contains(Mistake.LEAVES_A_THREAD)) {
            watch.shutdownNow();
        }
        synchronized (this) {
            connection.ifPresent(TcpProxy::closeQuietly);
        }
    }

    private enum Outcome {
        CLEAR,
        UNKNOWN
    }

    private interface Exchange<T> {
        T over(DataInputStream in, DataOutputStream out) throws IOException;
    }

    private synchronized <T> T ask(String what, Outcome outcome, Exchange<T> exchange) {
        if (lost && mistakes.contains(Mistake.NEVER_CONNECTS_AGAIN)) {
            throw new Unavailable("Cannot " + what + ": the connection was lost");
        }
        boolean sent = false;
        try {
            Socket socket = connected();
            Future<?> end = watch.schedule(
                    () -> TcpProxy.closeQuietly(socket),
                    mistakes.contains(Mistake.READ_TIMEOUT_ONLY) || mistakes.contains(Mistake.NO_DEADLINE)
                            ? 1_000_000
                            : 2 * LIMIT_MILLIS,
                    TimeUnit.MILLISECONDS);
            try {
                sent = true;
                return exchange.over(
                        new DataInputStream(new BufferedInputStream(socket.getInputStream())),
                        new DataOutputStream(new BufferedOutputStream(socket.getOutputStream())));
            } finally {
                end.cancel(true);
            }
        } catch (IOException failed) {
            connection.ifPresent(TcpProxy::closeQuietly);
            connection = Optional.empty();
            lost = true;
            if (mistakes.contains(Mistake.LEAKS_THE_EXCEPTION_OF_THE_DRIVER)) {
                throw new IllegalStateException(failed);
            }
            if (sent && outcome == Outcome.UNKNOWN && !mistakes.contains(Mistake.LOST_REPLY_IS_A_FAILURE)) {
                throw new Unconfirmed("Cannot " + what, failed);
            }
            throw new Unavailable("Cannot " + what, failed);
        }
    }

    private Socket connected() throws IOException {
        if (connection.isEmpty()) {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.connect(address, LIMIT_MILLIS);
            if (!mistakes.contains(Mistake.NO_DEADLINE)) {
                socket.setSoTimeout(LIMIT_MILLIS);
            }
            connection = Optional.of(socket);
        }
        return connection.get();
    }

    private static void where(DataOutputStream out, Series series, TimeRange unit, TimeRange range) throws IOException {
        out.writeUTF(series.toString());
        out.writeUTF(unit.toString());
        out.writeUTF(range.toString());
    }

    private static int expect(DataInputStream in) throws IOException {
        int answer = in.read();
        if (answer < 0) {
            throw new IOException("no answer");
        }
        return answer;
    }

    private final class Writer implements SinkWriter {

        private final Series series;
        private final TimeRange range;
        private final AppendCheck check;
        private final Map<TimeRange, Long> revisions;
        private final List<Batch> rows = new ArrayList<>();

        Writer(Series series, TimeRange range, AppendCheck check, Map<TimeRange, Long> revisions) {
            this.series = series;
            this.range = range;
            this.check = check;
            this.revisions = revisions;
        }

        @Override
        public void append(Batch batch) {
            check.accept(batch);
            rows.add(batch);
        }

        @Override
        public WriteResult commit(Provenance provenance) {
            int unchanged = 0;
            List<LedgerEntry> entries = new ArrayList<>();
            for (TimeRange unit : revisions.keySet()) {
                int answer = commit(unit);
                if (answer == TinyServer.NEWER) {
                    throw new Unavailable(series + " was written by another process meanwhile; run again");
                }
                unchanged += answer == TinyServer.UNCHANGED ? 1 : 0;
                entries.addAll(server.entry(series, unit).stream().toList());
            }
            return new WriteResult(check.rows(), entries, unchanged);
        }

        private int commit(TimeRange unit) {
            if (mistakes.contains(Mistake.LEDGER_BEFORE_ROWS)) {
                send(TinyServer.WRITE_LEDGER, unit);
                return sendAfterLedger(unit);
            }
            if (mistakes.contains(Mistake.ROWS_BEFORE_LEDGER)) {
                send(TinyServer.WRITE_ROWS, unit);
                return send(TinyServer.WRITE, unit);
            }
            if (mistakes.contains(Mistake.RETRY_WITHOUT_IDENTITY)) {
                try {
                    return send(TinyServer.APPEND, unit);
                } catch (Unconfirmed again) {
                    return send(TinyServer.APPEND, unit);
                }
            }
            try {
                return send(TinyServer.WRITE, unit);
            } catch (Unconfirmed lostReply) {
                if (mistakes.contains(Mistake.LOST_REPLY_IS_A_SUCCESS)) {
                    return TinyServer.OK;
                }
                throw lostReply;
            }
        }

        private int sendAfterLedger(TimeRange unit) {
            revisions.put(unit, -1L);
            return send(TinyServer.WRITE_ROWS, unit);
        }

        private int send(int what, TimeRange unit) {
            return ask("write " + series, Outcome.UNKNOWN, (in, out) -> {
                out.write(what);
                where(out, series, unit, range);
                out.writeLong(mistakes.contains(Mistake.NO_FENCE) ? -1 : revisions.getOrDefault(unit, -1L));
                TinyRows.write(out, rows);
                out.write('!');
                out.flush();
                return expect(in);
            });
        }

        @Override
        public void close() {}
    }
}
