package dev.candlewick.sink.gcp.testing;

import com.sun.net.httpserver.HttpExchange;
import dev.candlewick.sink.gcp.testing.CloudStorageFaults.Fault;
import dev.candlewick.sink.gcp.testing.CloudStorageFaults.Kind;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** One request and its answer, with the fault that strikes it. For one thread. */
final class Conversation {

    private final HttpExchange exchange;
    private final StorageRequest request;
    private final Optional<Fault> fault;
    private final CloudStorageTraffic traffic;
    private final Runnable beforeAnswering;

    /** The connection is to end, here and now. */
    static final class HangUp extends IOException {
        private static final long serialVersionUID = 1L;
    }

    Conversation(
            HttpExchange exchange,
            StorageRequest request,
            Optional<Fault> fault,
            CloudStorageTraffic traffic,
            Runnable beforeAnswering) {
        this.exchange = exchange;
        this.request = request;
        this.fault = fault;
        this.traffic = traffic;
        this.beforeAnswering = beforeAnswering;
    }

    StorageRequest request() {
        return request;
    }

    HttpExchange exchange() {
        return exchange;
    }

    /** The body, unpacked; it hangs up in the middle when it is to. */
    InputStream body() throws IOException {
        InputStream body = exchange.getRequestBody();
        if (fault.isPresent() && fault.get().kind() == Kind.CUT_REQUEST) {
            body = new Cut(body, fault.get().bytes());
        }
        return request.header("content-encoding").equals("gzip") ? new GZIPInputStream(body) : body;
    }

    void header(String name, String value) {
        exchange.getResponseHeaders().add(name, value);
    }

    void json(int status, byte[] body) throws IOException {
        header("Content-Type", "application/json; charset=UTF-8");
        answer(status, body.length, new ByteArrayInputStream(body));
    }

    void empty(int status) throws IOException {
        answer(status, 0, InputStream.nullInputStream());
    }

    void answer(int status, long length, InputStream body) throws IOException {
        // What is not read of a body would be taken for the next request, or end the connection.
        exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        beforeAnswering.run();
        Kind kind = fault.map(Fault::kind).orElse(Kind.DELAY);
        if (kind == Kind.LOSE_ANSWER) {
            throw new HangUp();
        }
        boolean bodiless = length == 0 || status == 204 || status == 304;
        exchange.sendResponseHeaders(status, bodiless ? -1 : length);
        long left =
                kind == Kind.CUT_ANSWER ? Math.min(length, fault.orElseThrow().bytes()) : length;
        long flip = kind == Kind.FLIP ? fault.orElseThrow().bytes() : -1;
        OutputStream out = exchange.getResponseBody();
        byte[] buffer = new byte[1 << 16];
        for (long at = 0; at < left && !bodiless; ) {
            int count = body.read(buffer, 0, (int) Math.min(buffer.length, left - at));
            if (count < 0) {
                throw new HangUp();
            }
            if (flip >= at && flip < at + count) {
                buffer[(int) (flip - at)] ^= 0x10;
            }
            out.write(buffer, 0, count);
            at += count;
        }
        if (status < 300 && request.call() == StorageCall.READ) {
            traffic.read(left);
        }
        out.flush();
        if (left < length) {
            throw new HangUp();
        }
    }

    private static final class Cut extends FilterInputStream {

        private long left;

        Cut(InputStream in, long left) {
            super(in);
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            if (left <= 0) {
                throw new HangUp();
            }
            int read = super.read(into, offset, (int) Math.min(count, left));
            left -= Math.max(0, read);
            return read;
        }
    }
}
