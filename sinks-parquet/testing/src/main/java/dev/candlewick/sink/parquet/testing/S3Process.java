package dev.candlewick.sink.parquet.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * The main class of the process that is the S3 server: s3proxy, and before it a listener that lets one write at a time
 * through to a name. s3proxy compares an entity tag before it writes and holds nobody off in between, so that several of
 * those who replace the same version at the same instant would win; with Amazon one does.
 *
 * <p>The process ends when its standard input does: when the parent ends, however it ends, the server ends too.
 */
final class S3Process {

    private static final Set<String> READING = Set.of("GET", "HEAD");
    // Either side's connection has its own.
    private static final Set<String> OF_CONNECTIONS =
            Set.of("connection", "content-length", "transfer-encoding", "date", "keep-alive", "expect", "upgrade");
    private static final int LOCKS = 64;

    private final URI behind;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Object> locks = Stream.generate(Object::new).limit(LOCKS).toList();

    private S3Process(URI behind) {
        this.behind = behind;
    }

    /** Arguments: the port to listen on, the port of s3proxy behind it, and its file of properties. */
    public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
        Thread watch = new Thread(S3Process::endWithParent, "end with parent");
        watch.setDaemon(true);
        watch.start();
        try {
            // By name: its jar is on the class path of this process only.
            Class.forName("org.gaul.s3proxy.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[] {"--properties", arguments[2]});
        } catch (InvocationTargetException failed) {
            failed.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        S3Process front = new S3Process(URI.create("http://127.0.0.1:" + arguments[1]));
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", front::pass);
        server.start();
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (READING.contains(exchange.getRequestMethod())) {
                answer(exchange, forward(exchange, body));
                return;
            }
            HttpResponse<byte[]> answer;
            synchronized (
                    locks.get(
                            Math.floorMod(exchange.getRequestURI().getRawPath().hashCode(), LOCKS))) {
                answer = forward(exchange, body);
            }
            answer(exchange, answer);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(behind + exchange.getRequestURI().toString()))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            if (!OF_CONNECTIONS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                header.getValue().forEach(value -> request.header(header.getKey(), value));
            }
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        answer.headers().map().forEach((name, values) -> {
            if (!OF_CONNECTIONS.contains(name) || (head && name.equals("content-length"))) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
        if (answer.body().length > 0) {
            exchange.getResponseBody().write(answer.body());
        }
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nobody writes.
            }
        } catch (IOException gone) {
            // As good as its end.
        }
        Runtime.getRuntime().halt(0);
    }
}
