package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** The port: turns HTTP into requests, answers into HTTP, and faults into broken connections. */
final class BigQueryListener implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BigQueryApi api;
    private final BigQueryUploads uploads;
    private final BigQueryFaults faults;
    private final List<BigQueryRequest> log = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService workers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "local-bigquery-http");
        thread.setDaemon(true);
        return thread;
    });
    private HttpServer server;
    private final int port;

    BigQueryListener(int port, BigQueryApi api, BigQueryUploads uploads, BigQueryFaults faults) {
        this.api = api;
        this.uploads = uploads;
        this.faults = faults;
        this.server = open(port);
        this.port = server.getAddress().getPort();
    }

    int port() {
        return port;
    }

    /** Every request so far. */
    List<BigQueryRequest> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    private HttpServer open(int at) {
        try {
            HttpServer opened = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
            opened.createContext("/", this::handle);
            opened.setExecutor(workers);
            opened.start();
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException("Port " + at + " of this machine cannot be opened", e);
        }
    }

    synchronized void pause() {
        server.stop(0);
    }

    synchronized void resume() {
        server.stop(0);
        server = open(port);
    }

    /** A request that has come in, before anybody has understood it. */
    private record Incoming(
            HttpExchange exchange, String method, List<String> path, Map<String, String> query, boolean upload) {
        BigQueryCall call() {
            if (!upload) {
                return BigQueryApi.call(method, path);
            }
            return method.equals("POST") && query.getOrDefault("uploadType", "").equals("resumable")
                    ? BigQueryCall.UPLOAD_START
                    : BigQueryCall.UPLOAD_CONTENT;
        }

        String header(String name) {
            String value = exchange.getRequestHeaders().getFirst(name);
            return value == null ? "" : value;
        }
    }

    /**
     * What is sent back.
     *
     * @param status the HTTP status
     * @param body the JSON
     * @param headers further headers
     */
    private record Answer(int status, String body, Map<String, String> headers) {}

    private void handle(HttpExchange exchange) throws IOException {
        Incoming incoming = incoming(exchange);
        BigQueryCall call = incoming.call();
        String path = exchange.getRequestURI().getPath();
        Optional<BigQueryFaults.Effect.CutRequest> cut =
                faults.cut(new BigQueryRequest(call, incoming.method(), path, ""));
        if (cut.isPresent()) {
            exchange.getRequestBody()
                    .readNBytes((int) Math.min(Integer.MAX_VALUE, cut.get().bytes()));
            log.add(new BigQueryRequest(call, incoming.method(), path, ""));
            throw new IOException("The connection is cut on purpose");
        }
        byte[] bytes = body(incoming);
        String text = call == BigQueryCall.UPLOAD_CONTENT ? "" : new String(bytes, StandardCharsets.UTF_8);
        BigQueryRequest request = new BigQueryRequest(call, incoming.method(), path, text);
        log.add(request);
        Optional<BigQueryFaults.Effect> effect = faults.effect(request);
        if (effect.isPresent() && effect.get() instanceof BigQueryFaults.Effect.Refuse refuse) {
            send(exchange, refusal(refuse.error()), Long.MAX_VALUE);
            return;
        }
        Answer answer = answer(incoming, call, bytes);
        if (effect.isPresent() && effect.get() instanceof BigQueryFaults.Effect.Delay delay) {
            try {
                TimeUnit.MILLISECONDS.sleep(delay.later().toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (effect.isPresent() && effect.get() instanceof BigQueryFaults.Effect.CutAnswer cutAnswer) {
            if (cutAnswer.bytes() < 0) {
                throw new IOException("The answer is lost on purpose");
            }
            send(exchange, answer, cutAnswer.bytes());
            return;
        }
        send(exchange, answer, Long.MAX_VALUE);
    }

    private static Incoming incoming(HttpExchange exchange) {
        String method = exchange.getRequestMethod();
        String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
        if (override != null) {
            method = override.toUpperCase(Locale.ROOT);
        }
        List<String> path = new ArrayList<>();
        for (String part : exchange.getRequestURI().getRawPath().split("/", -1)) {
            if (!part.isEmpty()) {
                path.add(URLDecoder.decode(part, StandardCharsets.UTF_8));
            }
        }
        boolean upload = path.remove("upload");
        if (!path.isEmpty() && path.get(0).equals("resumable")) {
            path.remove(0);
            upload = true;
        }
        if (path.size() > 2 && path.get(0).equals("bigquery") && path.get(1).equals("v2")) {
            path.subList(0, 2).clear();
        }
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            query.put(
                    URLDecoder.decode(name, StandardCharsets.UTF_8), URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
        return new Incoming(exchange, method, path, query, upload);
    }

    private static byte[] body(Incoming incoming) throws IOException {
        byte[] sent = incoming.exchange().getRequestBody().readAllBytes();
        if (!incoming.header("Content-Encoding").equalsIgnoreCase("gzip")) {
            return sent;
        }
        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(sent))) {
            return unpacked.readAllBytes();
        }
    }

    private Answer answer(Incoming incoming, BigQueryCall call, byte[] bytes) throws IOException {
        try {
            if (call == BigQueryCall.UPLOAD_START) {
                String id = uploads.start(incoming.path().get(1), json(bytes));
                String location = "http://" + incoming.header("Host")
                        + incoming.exchange().getRequestURI().getPath() + "?uploadType=resumable&upload_id=" + id;
                return new Answer(200, "", Map.of("Location", location, "X-GUploader-UploadID", id));
            }
            if (call == BigQueryCall.UPLOAD_CONTENT) {
                return content(incoming, bytes);
            }
            return ok(api.answer(new BigQueryApi.Request(call, incoming.path(), incoming.query(), json(bytes))));
        } catch (BigQueryError e) {
            return refusal(e);
        } catch (JsonProcessingException e) {
            return refusal(new BigQueryError(400, "parseError", "Parse Error"));
        } catch (RuntimeException e) {
            return refusal(BigQueryError.of("internalError", "The local BigQuery is at fault: " + e));
        }
    }

    private Answer content(Incoming incoming, byte[] bytes) throws IOException {
        if (incoming.method().equals("POST")) {
            return ok(uploads.whole(incoming.path().get(1), incoming.header("Content-Type"), bytes));
        }
        BigQueryUploads.Progress progress =
                uploads.take(incoming.query().getOrDefault("upload_id", ""), incoming.header("Content-Range"), bytes);
        if (progress.job().isPresent()) {
            return ok(progress.job().get());
        }
        return new Answer(
                308, "", progress.received() == 0 ? Map.of() : Map.of("Range", "bytes=0-" + (progress.received() - 1)));
    }

    private static ObjectNode json(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        JsonNode tree = JSON.readTree(bytes);
        return tree instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }

    private static Answer ok(ObjectNode body) throws JsonProcessingException {
        return new Answer(200, JSON.writeValueAsString(body), Map.of());
    }

    private static Answer refusal(BigQueryError error) throws JsonProcessingException {
        return new Answer(error.status(), JSON.writeValueAsString(error.body()), Map.of());
    }

    private static void send(HttpExchange exchange, Answer answer, long most) throws IOException {
        try (exchange) {
            answer.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            int length = body.length;
            exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
            if (length == 0) {
                return;
            }
            OutputStream out = exchange.getResponseBody();
            out.write(body, 0, (int) Math.min(length, most));
            out.flush();
            if (most < length) {
                throw new IOException("The answer is cut on purpose");
            }
        }
    }

    @Override
    public void close() {
        pause();
        workers.shutdownNow();
    }
}
