package dev.candlewick.sink.clickhouse;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands between a store and its server, one connection per request, and breaks what it is told to break. */
final class CuttingProxy implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    /** What happens to a request. */
    interface Fate {
        /** Everything passes. */
        Fate PASS = bytes -> bytes;

        /** The request is taken and never answered; the connection stays. */
        Fate SILENCE = bytes -> -1;

        /** Bytes of the request that reach the server; fewer than all break the connection there. */
        int requestBytes(int all);

        /** Bytes of the answer that come back. */
        default int answerBytes(int all) {
            return all;
        }

        static Fate requestCutAt(double share) {
            return all -> (int) (all * share);
        }

        static Fate answerCutAt(double share) {
            return new Fate() {
                @Override
                public int requestBytes(int all) {
                    return all;
                }

                @Override
                public int answerBytes(int all) {
                    return (int) (all * share);
                }
            };
        }
    }

    private final ServerSocket listener;
    private final int serverPort;
    private final List<String> statements = new CopyOnWriteArrayList<>();
    private volatile Function<String, Fate> fates = statement -> Fate.PASS;

    CuttingProxy(int serverPort) {
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        this.serverPort = serverPort;
        Thread accepting = new Thread(this::accept, "cutting-proxy");
        accepting.setDaemon(true);
        accepting.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Decides by the statement of a request. */
    void fates(Function<String, Fate> decision) {
        fates = decision;
    }

    /** The statements that came by. */
    List<String> statements() {
        return List.copyOf(statements);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread serving = new Thread(() -> serve(client), "cutting-proxy-connection");
                serving.setDaemon(true);
                serving.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            InputStream in = client.getInputStream();
            String head = head(in);
            byte[] body = body(head, in);
            String statement = statement(head, body);
            statements.add(statement);
            Fate fate = fates.apply(statement);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.write(head.replaceFirst("(?i)connection: *[^\r]*", "Connection: close")
                    .getBytes(StandardCharsets.ISO_8859_1));
            request.write(body);
            if (fate == Fate.SILENCE) {
                in.readAllBytes(); // until the client has had enough
                return;
            }
            int sent = fate.requestBytes(request.size());
            OutputStream out = server.getOutputStream();
            out.write(request.toByteArray(), 0, sent);
            out.flush();
            if (sent < request.size()) {
                return;
            }
            byte[] answer = server.getInputStream().readAllBytes();
            client.getOutputStream().write(answer, 0, fate.answerBytes(answer.length));
        } catch (IOException broken) {
            // Either side may hang up; that is what this is for.
            statements.add("broken: " + broken.getMessage());
        }
    }

    private static String statement(String head, byte[] body) {
        Matcher query = Pattern.compile("[?&]query=([^& ]*)").matcher(head);
        return query.find()
                ? URLDecoder.decode(query.group(1), StandardCharsets.UTF_8)
                : new String(body, StandardCharsets.UTF_8);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) octet(in));
        }
        return head.toString();
    }

    private static byte[] body(String head, InputStream in) throws IOException {
        Matcher length = LENGTH.matcher(head);
        if (length.find()) {
            return in.readNBytes(Integer.parseInt(length.group(1)));
        }
        if (!head.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked")) {
            return new byte[0];
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int size;
        do {
            StringBuilder line = new StringBuilder();
            while (line.indexOf("\r\n") < 0) {
                line.append((char) octet(in));
            }
            body.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
            size = Integer.parseInt(line.toString().strip(), 16);
            body.write(in.readNBytes(size + 2));
        } while (size > 0);
        return body.toByteArray();
    }

    private static int octet(InputStream in) throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("hung up");
        }
        return octet;
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
