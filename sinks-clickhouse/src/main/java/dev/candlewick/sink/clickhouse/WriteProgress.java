package dev.candlewick.sink.clickhouse;

import com.clickhouse.client.api.DataStreamWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Watches whether the server still takes what is written to it. Reading from a socket has a timeout, writing to it has
 * none: a server that stops reading would hold the writer for ever. For one writing thread and any that ask.
 */
final class WriteProgress {

    private final long limitNanos;
    private volatile boolean writing;
    private volatile long last;
    private volatile boolean stuck;

    WriteProgress(Duration limit) {
        this.limitNanos = limit.toNanos();
    }

    /** The same body, watched while it is written. */
    DataStreamWriter watching(DataStreamWriter body) {
        return out -> {
            last = System.nanoTime();
            writing = true;
            try {
                body.onOutput(new Watched(out));
            } finally {
                writing = false;
            }
        };
    }

    /** Whether the server has taken nothing for longer than the limit; once so, it stays so. */
    boolean isStuck() {
        if (writing && System.nanoTime() - last > limitNanos) {
            stuck = true;
        }
        return stuck;
    }

    private final class Watched extends FilterOutputStream {

        Watched(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            last = System.nanoTime();
        }
    }
}
