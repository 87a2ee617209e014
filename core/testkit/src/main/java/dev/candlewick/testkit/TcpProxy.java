package dev.candlewick.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a server on the loopback interface, and lets the network fail as told. Without a fault it
 * passes everything on.
 *
 * <pre>{@code
 * try (TcpProxy proxy = TcpProxy.to(server)) {
 *     proxy.once(TcpFault.dropReplyOfExchange(3));
 *     ... // a client of proxy.host() and proxy.port()
 * }
 * }</pre>
 *
 * <p>A fault is for the next connection, for the n-th, for all of them each counted by itself, or for all of them counted
 * together and only once. Given bytes and faults, what arrives is always the same. Safe for many threads;
 * {@link #close} ends every connection and thread.
 */
public final class TcpProxy implements AutoCloseable {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final Duration REBIND_LIMIT = Duration.ofSeconds(5);
    private static final int RECEIVE_BUFFER = 64 * 1024;
    private static final int REBIND_PAUSE_MILLIS = 20;

    private final InetSocketAddress server;
    private final int port;
    private final List<ProxiedConnection> open = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Deque<TcpFault> next = new ArrayDeque<>();
    private final Map<Integer, TcpFault> numbered = new HashMap<>();
    private Supplier<ArmedFault> standing = () -> new ArmedFault(TcpFault.none());
    private @Nullable ArmedFault shared;
    private @Nullable ServerSocket listener;
    private int connections;
    private int exchanges;
    private long requestBytes;
    private long responseBytes;
    private boolean accepting;
    private boolean closed;

    private TcpProxy(InetSocketAddress server) throws IOException {
        this.server = server;
        this.port = listen(0);
    }

    /** A proxy to a server, listening on a free port of the loopback interface. */
    public static TcpProxy to(InetSocketAddress server) throws IOException {
        return new TcpProxy(server);
    }

    /** A proxy to a server by name and port. */
    public static TcpProxy to(String host, int port) throws IOException {
        return to(new InetSocketAddress(host, port));
    }

    /** Where clients connect. */
    public String host() {
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    /** Where clients connect; stays the same also after {@link #refuse}. */
    public int port() {
        return port;
    }

    /** A fault for the next connection that has none yet; several calls queue up. */
    public synchronized TcpProxy next(TcpFault fault) {
        next.add(fault);
        return this;
    }

    /** A fault for the n-th connection since the proxy began, counted from 1. */
    public synchronized TcpProxy connection(int number, TcpFault fault) {
        numbered.put(number, fault);
        return this;
    }

    /** A fault for every connection, those that are open included, each counted by itself from now on. */
    public synchronized TcpProxy all(TcpFault fault) {
        shared = null;
        standing = () -> new ArmedFault(fault);
        open.forEach(connection -> connection.arm(standing.get()));
        return this;
    }

    /**
     * A fault that strikes once, on whichever connection comes to it first, those that are open included: bytes and exchanges
     * of all connections are counted together from now on.
     */
    public synchronized TcpProxy once(TcpFault fault) {
        ArmedFault armed = new ArmedFault(fault);
        shared = armed;
        standing = () -> armed;
        open.forEach(connection -> connection.arm(armed));
        return this;
    }

    /** Whether the fault given to {@link #once} last has struck. */
    public synchronized boolean struck() {
        return shared != null && shared.struck();
    }

    /** Waits until the fault given to {@link #once} last has struck; {@code false} when it has not by then. */
    public synchronized boolean awaitStruck(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!struck()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return true;
    }

    /** Lets stalled connections go on: first what they held back, then the rest. */
    public synchronized TcpProxy release() {
        open.forEach(ProxiedConnection::release);
        return this;
    }

    /** Ends all faults: stalled connections go on, new ones are accepted and pass. */
    public synchronized TcpProxy heal() {
        next.clear();
        numbered.clear();
        all(TcpFault.none());
        release();
        return accept();
    }

    /** Resets every open connection. */
    public synchronized TcpProxy disconnect() {
        List.copyOf(open).forEach(ProxiedConnection::reset);
        return this;
    }

    /** Refuses connections from now on, as a host without the server does; open ones stay. */
    public synchronized TcpProxy refuse() {
        ServerSocket listening = listener;
        listener = null;
        if (listening != null) {
            closeQuietly(listening);
        }
        // The port is free only once the thread that waits for connections has noticed.
        boolean interrupted = false;
        while (accepting) {
            try {
                wait();
            } catch (InterruptedException asked) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return this;
    }

    /** Accepts connections again after {@link #refuse}. */
    public synchronized TcpProxy accept() {
        if (listener == null) {
            try {
                listen(port);
            } catch (IOException failed) {
                throw new UncheckedIOException("Port " + port + " cannot be listened on again", failed);
            }
        }
        return this;
    }

    /** How many connections were accepted. */
    public synchronized int connections() {
        return connections;
    }

    /** How many exchanges began, over all connections. */
    public synchronized int exchanges() {
        return exchanges;
    }

    /** How many bytes came from clients, over all connections. */
    public synchronized long requestBytes() {
        return requestBytes;
    }

    /** How many bytes came from the server, over all connections. */
    public synchronized long responseBytes() {
        return responseBytes;
    }

    /** Resets what is open and ends every thread. */
    @Override
    public void close() {
        List<Thread> ending;
        synchronized (this) {
            closed = true;
            refuse();
            disconnect();
            ending = List.copyOf(threads);
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + END_LIMIT.toNanos();
        for (Thread thread : ending) {
            while (thread.isAlive() && thread != Thread.currentThread()) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IllegalStateException("Thread " + thread.getName() + " of a proxy does not end");
                }
                try {
                    thread.join(left);
                } catch (InterruptedException asked) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "proxy " + host() + ":" + port + " to " + server;
    }

    synchronized void count(TcpFault.Direction direction, int bytes, boolean opensExchange) {
        if (direction == TcpFault.Direction.REQUEST) {
            requestBytes += bytes;
        } else {
            responseBytes += bytes;
        }
        if (opensExchange) {
            exchanges++;
        }
    }

    synchronized void moved() {
        notifyAll();
    }

    synchronized void ended(ProxiedConnection connection) {
        open.remove(connection);
    }

    private synchronized int listen(int at) throws IOException {
        long deadline = System.nanoTime() + REBIND_LIMIT.toNanos();
        while (true) {
            ServerSocket socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                // What a client has sent and nobody took should be little, so that it notices.
                socket.setReceiveBufferSize(RECEIVE_BUFFER);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 128);
                listener = socket;
                accepting = true;
                start("accepts", () -> acceptAll(socket));
                return socket.getLocalPort();
            } catch (IOException taken) {
                // A port that somebody else got meanwhile as the near end of a connection comes back soon.
                socket.close();
                if (at == 0 || System.nanoTime() > deadline) {
                    throw taken;
                }
                pauseBeforeBinding(taken);
            }
        }
    }

    private static void pauseBeforeBinding(IOException taken) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(REBIND_PAUSE_MILLIS);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw taken;
        }
    }

    private void acceptAll(ServerSocket socket) {
        try (socket) {
            while (true) {
                begin(socket.accept());
            }
        } catch (IOException refused) {
            // refuse() or close() closed it.
        } finally {
            synchronized (this) {
                accepting = false;
                notifyAll();
            }
        }
    }

    private void begin(Socket client) {
        ArmedFault armed = nextFault();
        Optional<Socket> behind = Optional.empty();
        if (armed.fault().action() != TcpFault.Action.BLACK_HOLE) {
            Socket socket = new Socket();
            try {
                // Else the end of a piece would wait for an acknowledgement that the other side delays.
                client.setTcpNoDelay(true);
                socket.setTcpNoDelay(true);
                socket.connect(server, (int) CONNECT_LIMIT.toMillis());
                behind = Optional.of(socket);
            } catch (IOException unreachable) {
                closeQuietly(socket);
                ProxiedConnection.reset(client);
                return;
            }
        }
        ProxiedConnection connection = new ProxiedConnection(this, client, behind, armed);
        synchronized (this) {
            if (closed) {
                connection.reset();
                return;
            }
            open.add(connection);
            start("requests", connection::pumpRequests);
            if (behind.isPresent()) {
                start("responses", connection::pumpResponses);
            }
        }
    }

    private synchronized ArmedFault nextFault() {
        connections++;
        TcpFault own = numbered.remove(connections);
        if (own == null) {
            own = next.poll();
        }
        return own == null ? standing.get() : new ArmedFault(own);
    }

    private void start(String role, Runnable work) {
        Thread thread = new Thread(work, "tcp-proxy-" + role);
        thread.setDaemon(true);
        threads.removeIf(ended -> ended.getState() == Thread.State.TERMINATED);
        threads.add(thread);
        thread.start();
    }

    static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception gone) {
            // It is gone either way.
        }
    }
}
