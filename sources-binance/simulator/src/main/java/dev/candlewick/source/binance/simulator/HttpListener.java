package dev.candlewick.source.binance.simulator;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A small HTTP/1.1 server on the loopback address.
 *
 * <p>The JDK's own server stamps the {@code Date} header with the machine's clock and cannot break off an answer, and a
 * venue that lies about the time and hangs up in the middle is the point here. One thread per connection.
 */
final class HttpListener implements AutoCloseable {
    /** Longest request line or header line; more is an attack or a bug. */
    private static final int MAX_LINE_BYTES = 16 * 1024;

    private static final int BACKLOG = 256;

    /** What an answer is and how it travels. */
    record Answer(Reply reply, Delivery delivery) {}

    /** Turns a request into an answer; called by many threads. */
    interface Desk {
        Answer answer(IncomingRequest request);
    }

    private final VenueHost host;
    private final Desk desk;
    private final ServerSocket server;
    private final ExecutorService connections;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);

    HttpListener(VenueHost host, Desk desk, ExecutorService connections) {
        this.host = host;
        this.desk = desk;
        this.connections = connections;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException("No loopback port for the simulated host " + host, e);
        }
        connections.execute(this::accept);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                if (server.isClosed()) {
                    quietly(socket);
                }
                connections.execute(() -> converse(socket));
            } catch (IOException | RejectedExecutionException e) {
                // Closing, or a client that vanished while connecting, which must not end the venue.
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (Optional<IncomingRequest> request = read(in); request.isPresent(); request = read(in)) {
                if (!send(socket, out, request.get()) || !request.get().keepsConnection()) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client hung up, which is its right; what it was sent is in the log.
        } finally {
            open.remove(socket);
        }
    }

    private Optional<IncomingRequest> read(InputStream in) throws IOException {
        Optional<String> first = line(in);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        String[] words = first.get().split(" ", -1);
        if (words.length != 3) {
            throw new IOException("Not a request line: " + first.get());
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in).orElse(""); !line.isEmpty(); line = line(in).orElse("")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).trim());
            }
        }
        return Optional.of(IncomingRequest.of(host, words[0], words[1], headers));
    }

    /** A line without its end, or empty at the end of the stream. */
    private static Optional<String> line(InputStream in) throws IOException {
        byte[] bytes = new byte[MAX_LINE_BYTES];
        int length = 0;
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (length == MAX_LINE_BYTES) {
                throw new IOException("A header line is longer than " + MAX_LINE_BYTES + " bytes");
            }
            bytes[length++] = (byte) next;
        }
        if (length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        return Optional.of(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
    }

    /** Sends an answer; false when the connection is of no further use. */
    private boolean send(Socket socket, OutputStream out, IncomingRequest request) throws IOException {
        Answer answer = desk.answer(request);
        Delivery delivery = answer.delivery();
        if (delivery.silence() == Delivery.Silence.FOR_EVER) {
            waitWhileOpen(Duration.ofDays(365));
            return false;
        }
        waitWhileOpen(delivery.delay());
        byte[] head = head(answer.reply());
        byte[] body = request.wantsBody() ? answer.reply().body() : new byte[0];
        byte[] whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        long end = Math.min(whole.length, delivery.cutAfterBytes());
        for (int at = 0; at < end; at += delivery.chunkBytes()) {
            if (at > 0) {
                waitWhileOpen(delivery.pause());
            }
            out.write(whole, at, (int) Math.min(delivery.chunkBytes(), end - at));
            out.flush();
        }
        if (end < whole.length) {
            socket.shutdownOutput(); // what was sent arrives; then the stream ends too early
            return false;
        }
        return true;
    }

    private static byte[] head(Reply reply) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 ").append(reply.status()).append(" \r\n");
        reply.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(reply.body().length).append("\r\n\r\n");
        return head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void waitWhileOpen(Duration time) throws IOException {
        try {
            if (!time.isZero() && closing.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("The venue closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The venue closed", e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        quietly(server);
        open.forEach(HttpListener::quietly);
    }

    private static void quietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // Closing is all that was wanted.
        }
    }
}
