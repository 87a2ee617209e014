package dev.candlewick.source.tardis.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Answers everything with 200, no word on the length of the body, and the end of the connection. */
final class MuteServer implements AutoCloseable {

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/gzip\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket socket;

    private MuteServer(ServerSocket socket) {
        this.socket = socket;
    }

    static MuteServer start() {
        try {
            MuteServer server = new MuteServer(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()));
            Thread thread = new Thread(server::serve, "tardis-simulator-mute");
            thread.setDaemon(true);
            thread.start();
            return server;
        } catch (IOException noPort) {
            throw new UncheckedIOException("No loopback port for the simulator", noPort);
        }
    }

    String address() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/file?signature=made-up";
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket asker = socket.accept()) {
                // The request must be read to its end: closing before that would break the connection instead.
                int feeds = 0;
                while (feeds < 2) {
                    int next = asker.getInputStream().read();
                    if (next < 0) {
                        break;
                    }
                    feeds = next == '\n' ? feeds + 1 : next == '\r' ? feeds : 0;
                }
                asker.getOutputStream().write(ANSWER);
                asker.getOutputStream().flush();
            } catch (IOException closedOrBroken) {
                // Whoever asked is gone, or this is closed.
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ignored) {
            // Nobody waits for it.
        }
    }
}
