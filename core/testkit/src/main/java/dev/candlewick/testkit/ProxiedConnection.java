package dev.candlewick.testkit;

import dev.candlewick.testkit.ArmedFault.Verdict;
import dev.candlewick.testkit.TcpFault.Action;
import dev.candlewick.testkit.TcpFault.Direction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;

/** A client's connection and the one behind it: two pumps, and what the fault makes of them. */
final class ProxiedConnection {

    private static final int PIECE = 16 * 1024;
    private static final int DRIBBLES_PER_SECOND = 20;
    private static final long NANOS = 1_000_000_000L;
    // A server that has only part of a request says nothing; the client need not wait for that.
    private static final long REPLY_LIMIT_NANOS = NANOS / 2;
    private static final int STALL_CHECK_MILLIS = 10;

    private final TcpProxy proxy;
    private final Socket client;
    private final Optional<Socket> server;
    private volatile ArmedFault armed;
    private volatile boolean stalled;
    private volatile boolean droppingReply;
    private boolean replyDropped;
    private boolean ended;
    private boolean lastWasRequest;
    private int endedPumps;

    ProxiedConnection(TcpProxy proxy, Socket client, Optional<Socket> server, ArmedFault armed) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        this.armed = armed;
    }

    void arm(ArmedFault fault) {
        armed = fault;
    }

    synchronized void release() {
        stalled = false;
        notifyAll();
    }

    /** Ends both sides at once, as a router does that forgot the connection. */
    void reset() {
        reset(client);
        server.ifPresent(ProxiedConnection::reset);
        end();
    }

    static void reset(Socket socket) {
        try {
            // Without lingering, closing sends a reset in place of an orderly end.
            socket.setSoLinger(true, 0);
        } catch (SocketException gone) {
            // Closed already.
        }
        TcpProxy.closeQuietly(socket);
    }

    void pumpRequests() {
        pump(Direction.REQUEST, client, server);
    }

    void pumpResponses() {
        pump(Direction.RESPONSE, server.orElseThrow(), Optional.of(client));
    }

    private void pump(Direction direction, Socket from, Optional<Socket> to) {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.isPresent() ? to.get().getOutputStream() : OutputStream.nullOutputStream();
            while (true) {
                int length = in.read(piece);
                if (length < 0) {
                    break;
                }
                if (!deliver(direction, piece, length, from, out)) {
                    return;
                }
            }
            if (to.isPresent()) {
                to.get().shutdownOutput();
            }
            halfEnded();
        } catch (IOException gone) {
            // One side is away, so the other one loses its peer too.
            reset();
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private boolean deliver(Direction direction, byte[] piece, int length, Socket from, OutputStream out)
            throws IOException, InterruptedException {
        boolean opens = opensExchange(direction);
        proxy.count(direction, length, opens);
        if (direction == Direction.RESPONSE && droppingReply) {
            replyIsDropped();
            return false;
        }
        if (stalled) {
            return holdBack(piece, 0, length, from, out);
        }
        ArmedFault fault = armed;
        Verdict verdict = fault.judge(direction, length, opens);
        switch (verdict.action()) {
            case NOTHING -> out.write(piece, 0, length);
            case BLACK_HOLE -> {}
            case DELAY -> {
                pause(fault.fault().amount());
                out.write(piece, 0, length);
            }
            case RATE -> dribble(piece, length, (int) fault.fault().amount(), out);
            case CORRUPT -> {
                piece[verdict.pass() - 1] ^= (byte) 0xff;
                out.write(piece, 0, length);
            }
            case RESET -> {
                out.write(piece, 0, verdict.pass());
                proxy.moved();
                reset();
                return false;
            }
            case HALF_CLOSE -> {
                out.write(piece, 0, verdict.pass());
                shutDown(direction);
                drain(from);
                return false;
            }
            case STALL -> {
                out.write(piece, 0, verdict.pass());
                stalled = true;
                proxy.moved();
                return holdBack(piece, verdict.pass(), length, from, out);
            }
            case CHOKE -> {
                out.write(piece, 0, verdict.pass());
                stalled = true;
                proxy.moved();
                awaitRelease();
                out.write(piece, verdict.pass(), length - verdict.pass());
            }
            case DROP_REPLY -> {
                return dropReply(fault.fault(), piece, verdict.pass(), out);
            }
        }
        if (verdict.action() != Action.NOTHING) {
            proxy.moved();
        }
        return true;
    }

    private synchronized boolean opensExchange(Direction direction) {
        boolean opens = direction == Direction.REQUEST && !lastWasRequest;
        lastWasRequest = direction == Direction.REQUEST;
        return opens;
    }

    // Reads on, so that what a client sent before it went away is not lost with its socket.
    private boolean holdBack(byte[] piece, int start, int end, Socket from, OutputStream out)
            throws IOException, InterruptedException {
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        held.write(piece, start, end - start);
        from.setSoTimeout(STALL_CHECK_MILLIS);
        boolean more = true;
        byte[] later = new byte[PIECE];
        while (stalled && more) {
            try {
                int length = from.getInputStream().read(later);
                more = length >= 0;
                held.write(later, 0, Math.max(0, length));
            } catch (SocketTimeoutException quiet) {
                // Nothing came; see whether it was released.
            } catch (IOException gone) {
                more = false;
            }
        }
        awaitRelease();
        out.write(held.toByteArray());
        if (more) {
            from.setSoTimeout(0);
            return true;
        }
        shutDown(from == client ? Direction.REQUEST : Direction.RESPONSE);
        halfEnded();
        return false;
    }

    private synchronized void awaitRelease() throws InterruptedException {
        while (stalled && !ended) {
            wait();
        }
    }

    private boolean dropReply(TcpFault fault, byte[] piece, int pass, OutputStream out)
            throws IOException, InterruptedException {
        droppingReply = true;
        out.write(piece, 0, pass);
        proxy.moved();
        if (fault.place() == TcpFault.Place.EXCHANGE) {
            return true;
        }
        synchronized (this) {
            long deadline = System.nanoTime() + REPLY_LIMIT_NANOS;
            for (long left = REPLY_LIMIT_NANOS;
                    !replyDropped && !ended && left > 0;
                    left = deadline - System.nanoTime()) {
                wait(Math.max(1, left / 1_000_000));
            }
        }
        reset(client);
        server.ifPresent(TcpProxy::closeQuietly);
        end();
        return false;
    }

    private void replyIsDropped() {
        synchronized (this) {
            replyDropped = true;
            notifyAll();
        }
        reset(client);
        server.ifPresent(TcpProxy::closeQuietly);
        end();
    }

    private void dribble(byte[] piece, int length, int bytesPerSecond, OutputStream out)
            throws IOException, InterruptedException {
        int drop = Math.max(1, bytesPerSecond / DRIBBLES_PER_SECOND);
        for (int at = 0; at < length; at += drop) {
            int bytes = Math.min(drop, length - at);
            pause(bytes * NANOS / bytesPerSecond);
            out.write(piece, at, bytes);
        }
    }

    private synchronized void pause(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !ended; left = deadline - System.nanoTime()) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
    }

    private void shutDown(Direction direction) throws IOException {
        if (direction == Direction.RESPONSE) {
            client.shutdownOutput();
        } else if (server.isPresent()) {
            server.get().shutdownOutput();
        }
        proxy.moved();
    }

    private void drain(Socket from) throws IOException {
        from.getInputStream().transferTo(OutputStream.nullOutputStream());
        halfEnded();
    }

    private void halfEnded() {
        synchronized (this) {
            endedPumps++;
            if (endedPumps < (server.isPresent() ? 2 : 1)) {
                return;
            }
        }
        TcpProxy.closeQuietly(client);
        server.ifPresent(TcpProxy::closeQuietly);
        end();
    }

    // The proxy locks itself before its connections, so no lock of a connection may be held here.
    private void end() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        proxy.ended(this);
    }
}
