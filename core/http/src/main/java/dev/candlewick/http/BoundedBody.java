package dev.candlewick.http;

import dev.candlewick.Corrupt;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * A response body that ends with an error before it can fill the memory: it counts the bytes that really come out of
 * decompression, and how many went in.
 */
final class BoundedBody extends FilterInputStream {

    /** Real market data compresses at most 22 times; a bomb up to a thousand times. */
    private static final int MAX_RATIO = 100;

    /** Short repetitive answers compress well and harm nobody. */
    private static final long RATIO_COUNTS_FROM = 1L << 20;

    private final Counting received;
    private final long maxBytes;
    private final String request;
    private long bytes;

    private BoundedBody(Counting received, InputStream decoded, long maxBytes, String request) {
        super(decoded);
        this.received = received;
        this.maxBytes = maxBytes;
        this.request = request;
    }

    /** The body as sent, without decoding. */
    static BoundedBody plain(InputStream body, HttpRequest request) {
        Counting received = new Counting(body);
        return new BoundedBody(received, received, request.maxBodyBytes(), request.toString());
    }

    /** The body sent as gzip, decoded. */
    static BoundedBody gzipped(InputStream body, HttpRequest request) throws IOException {
        Counting received = new Counting(body);
        return new BoundedBody(
                received, new GZIPInputStream(received, 8192), request.maxBodyBytes(), request.toString());
    }

    long bytes() {
        return bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (count > 0) {
            bytes += count;
            check();
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.min(8192, Math.max(0, count))];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void check() {
        if (bytes > maxBytes) {
            throw new Corrupt("The answer to " + request + " is longer than the " + maxBytes
                    + " bytes that were allowed for it. If it may be that long, raise maxBodyBytes.");
        }
        if (bytes > RATIO_COUNTS_FROM && bytes > MAX_RATIO * received.count) {
            throw new Corrupt("The answer to " + request + " unpacked to " + bytes + " bytes from " + received.count
                    + ", more than " + MAX_RATIO + " times; no market data does that. It was dropped.");
        }
    }

    private static final class Counting extends FilterInputStream {

        private long count;

        private Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
