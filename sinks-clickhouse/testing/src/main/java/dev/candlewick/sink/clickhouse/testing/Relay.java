package dev.candlewick.sink.clickhouse.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Stands before the engine and passes bytes on, both ways, as they come; but where a client's connection is reset the engine
 * sees an orderly end. A ClickHouse server takes either for the end of the client. The engine in the library dies of a
 * reset that comes while it reads the head of a request: its program, unlike the server's, ends itself upon any exception
 * that a connection leaves uncaught. Thread-safe.
 */
final class Relay implements AutoCloseable {

    private static final int WAITING_CONNECTIONS = 1_024;
    private static final int CHUNK = 1 << 16;

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        return thread;
    });
    private final ServerSocket listener;
    private final InetSocketAddress engine;

    private Relay(ServerSocket listener, InetSocketAddress engine) {
        this.listener = listener;
        this.engine = engine;
    }

    /**
     * Begins to listen on the loopback address.
     *
     * @param port 0 for any that is free
     */
    static Relay start(int port, InetSocketAddress engine) throws IOException {
        Relay relay = new Relay(new ServerSocket(port, WAITING_CONNECTIONS, InetAddress.getLoopbackAddress()), engine);
        relay.threads.execute(relay::accept);
        return relay;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                threads.execute(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(engine.getAddress(), engine.getPort())) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Future<?> answers = threads.submit(() -> answer(server, client));
            try {
                copy(client.getInputStream(), server.getOutputStream());
            } catch (IOException gone) {
                // Either side has hung up; what the engine still says is taken from it, so that its end is orderly,
                // too.
            }
            server.shutdownOutput();
            answers.get();
        } catch (IOException hungUp) {
            // The engine is not there, or not any more: then the client is sent away as well.
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(Socket server, Socket client) {
        try (client) {
            InputStream answers = server.getInputStream();
            try {
                copy(answers, client.getOutputStream());
            } catch (IOException gone) {
                answers.transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException hungUp) {
            // So does the client's side, now that it is closed.
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
            to.write(chunk, 0, read);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
