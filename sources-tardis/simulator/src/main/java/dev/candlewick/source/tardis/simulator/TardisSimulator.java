package dev.candlewick.source.tardis.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A local server that answers as Tardis does, files and catalogue on one address, and misbehaves on request. What it serves
 * is made up and always the same.
 *
 * <pre>{@code
 * try (TardisSimulator tardis = TardisSimulator.builder().key("secret").start()) {
 *     tardis.fail(Fault.cutAfter(1_000), 1);
 *     use(tardis.baseUrl());
 * }
 * }</pre>
 *
 * <p>It listens on the loopback address only. Thread-safe.
 */
public final class TardisSimulator implements AutoCloseable {

    private static final Pattern FILE =
            Pattern.compile("/v1(/[^/]+/[^/]+/[0-9]{4}/[0-9]{2}/[0-9]{2}/[^/]+\\.csv\\.gz)");
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,18})-");

    private final HttpServer server;
    private final ExecutorService threads;
    private final Catalogue catalogue;
    private final PublishedFiles files;
    private final Optional<String> key;
    private final List<ServedRequest> log = new ArrayList<>();
    private final Deque<Armed> armed = new ArrayDeque<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final MuteServer mute = MuteServer.start();

    private static final class Armed {
        private final Fault fault;
        private final String pathPart;
        private int left;

        private Armed(Fault fault, String pathPart, int left) {
            this.fault = fault;
            this.pathPart = pathPart;
            this.left = left;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Answer(int status, byte[] body, Map<String, String> headers) {
        static Answer json(int status, String body) {
            return new Answer(
                    status, body.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", "application/json"));
        }
    }

    private TardisSimulator(Builder builder) {
        this.catalogue =
                new Catalogue(List.copyOf(builder.instruments), List.copyOf(builder.incidents), builder.exportedUntil);
        this.files = new PublishedFiles(catalogue, builder.messagesPerDay);
        this.key = builder.key;
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException noPort) {
            throw new UncheckedIOException("No loopback port for the simulator", noPort);
        }
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "tardis-simulator");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Starts one with the standard instruments, which asks for no key. */
    public static TardisSimulator start() {
        return builder().start();
    }

    /** Describes one. */
    public static Builder builder() {
        return new Builder();
    }

    /** The address of files and of the catalogue: {@code http://127.0.0.1:PORT/v1}. */
    public String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** The next so many requests for files go wrong in this way. */
    public void fail(Fault fault, int times) {
        fail("", fault, times);
    }

    /** The next so many requests, for files or for the catalogue, whose path has this part go wrong in this way. */
    public void fail(String pathPart, Fault fault, int times) {
        synchronized (armed) {
            armed.addLast(new Armed(fault, pathPart, times));
        }
    }

    /** From now on everything is right. */
    public void behave() {
        synchronized (armed) {
            armed.clear();
        }
    }

    /**
     * Publishes these lines in place of a file.
     *
     * @param path {@code /EXCHANGE/TYPE/YYYY/MM/DD/SYMBOL.csv.gz}
     * @param csv header and rows
     */
    public void publish(String path, String csv) {
        files.replace(path, Optional.of(csv));
    }

    /** Takes a file away. */
    public void withdraw(String path) {
        files.replace(path, Optional.empty());
    }

    /** Header and rows of a file as it is published now; empty when there is none. */
    public Optional<String> published(String path) {
        return files.csv(path);
    }

    /** Everything that was asked, oldest first. */
    public List<ServedRequest> requests() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /** The requests for files, oldest first. */
    public List<ServedRequest> fileRequests() {
        return requests().stream().filter(ServedRequest::isFile).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Optional<Fault> fault = next(path);
        try (exchange) {
            if (fault.isPresent() && fault.get().status() != 0) {
                Fault wrong = fault.get();
                send(
                        exchange,
                        new Answer(wrong.status(), wrong.body().getBytes(StandardCharsets.UTF_8), wrong.headers()));
                return;
            }
            Matcher file = FILE.matcher(path);
            if (!file.matches()) {
                send(exchange, document(exchange, path));
                return;
            }
            Optional<Answer> refusal = refusal(exchange, file.group(1));
            if (refusal.isPresent()) {
                send(exchange, refusal.get());
                return;
            }
            sendFile(exchange, files.csv(file.group(1)).orElseThrow(), fault);
        }
    }

    /** Begins the answer, which is in the log before anybody can have read it. */
    private void answer(HttpExchange exchange, int status, long length) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        String query =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        synchronized (log) {
            log.add(new ServedRequest(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    query,
                    Map.copyOf(headers),
                    status));
        }
        exchange.sendResponseHeaders(status, length);
    }

    private Optional<Fault> next(String path) {
        synchronized (armed) {
            for (Armed each : armed) {
                boolean meant = each.pathPart.isEmpty() ? path.endsWith(".csv.gz") : path.contains(each.pathPart);
                if (meant && each.left > 0) {
                    each.left--;
                    armed.removeIf(done -> done.left == 0);
                    return Optional.of(each.fault);
                }
            }
            return Optional.empty();
        }
    }

    /** Why there is no such file for the asker. */
    private Optional<Answer> refusal(HttpExchange exchange, String path) {
        String[] parts = path.split("/", -1);
        boolean free = parts[5].equals("01");
        if (!free && !authorized(exchange)) {
            return Optional.of(Answer.json(401, "{\"code\":13,\"message\":\"The API key is missing or invalid.\"}"));
        }
        return files.csv(path).isPresent()
                ? Optional.empty()
                : Optional.of(Answer.json(404, "{\"code\":120,\"message\":\"There is no such file.\"}"));
    }

    private boolean authorized(HttpExchange exchange) {
        return key.isEmpty()
                || ("Bearer " + key.get()).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private Answer document(HttpExchange exchange, String path) {
        if (path.equals("/v1/exchanges")) {
            return Answer.json(200, catalogue.allExchanges());
        }
        String[] parts = path.split("/", -1);
        if (parts.length == 4 && catalogue.exchanges().contains(parts[3])) {
            if (parts[2].equals("exchanges")) {
                return Answer.json(200, catalogue.exchange(parts[3]));
            }
            if (parts[2].equals("instruments")) {
                return authorized(exchange)
                        ? Answer.json(200, catalogue.instruments(parts[3]))
                        : Answer.json(401, "{\"code\":13,\"message\":\"The API key is missing or invalid.\"}");
            }
        }
        if (path.equals("/v1/api-key-info")) {
            return authorized(exchange)
                    ? Answer.json(
                            200,
                            "[{\"exchange\":\"binance\",\"accessType\":\"pro\",\"from\":\"2024-01-01T00:00:00.000Z\",\"to\":"
                                    + "\"2026-01-01T00:00:00.000Z\",\"symbols\":[],\"dataPlan\":\"spot\"}]")
                    : Answer.json(401, "{\"code\":13,\"message\":\"The API key is missing or invalid.\"}");
        }
        return Answer.json(404, "{\"code\":404,\"message\":\"There is nothing at this address.\"}");
    }

    private void sendFile(HttpExchange exchange, String csv, Optional<Fault> fault) throws IOException {
        Fault.Delivery delivery = fault.map(Fault::delivery).orElse(Fault.Delivery.WHOLE);
        byte[] body = switch (delivery) {
            case EMPTY -> new byte[0];
            case HEADER_ONLY -> PublishedFiles.zipped(csv.substring(0, csv.indexOf('\n') + 1));
            case PLAIN -> csv.getBytes(StandardCharsets.UTF_8);
            default -> PublishedFiles.zipped(csv);
        };
        String version = "\"" + sha256(body).substring(0, 32) + "\"";
        Map<String, String> headers = new HashMap<>(fault.map(Fault::headers).orElse(Map.of()));
        if (delivery == Fault.Delivery.UNMEASURED) {
            sendUnmeasured(exchange, body, fault.orElseThrow().amount());
            return;
        }
        if (delivery == Fault.Delivery.UNANNOUNCED) {
            send(exchange, new Answer(302, new byte[0], Map.of("Location", mute.address())));
            return;
        }
        headers.putIfAbsent("ETag", version);
        headers.putIfAbsent("Content-Type", "application/gzip");
        headers.putIfAbsent("Accept-Ranges", "bytes");
        if (version.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            send(exchange, new Answer(304, new byte[0], headers));
            return;
        }
        Matcher range =
                RANGE.matcher(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                        .orElse(""));
        String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
        int from =
                range.matches() && (ifRange == null || ifRange.equals(version)) ? Integer.parseInt(range.group(1)) : 0;
        if (from > 0 && from >= body.length) {
            send(exchange, new Answer(416, new byte[0], Map.of("Content-Range", "bytes */" + body.length)));
            return;
        }
        boolean partial = delivery == Fault.Delivery.PARTIAL;
        int length = partial ? (int) Math.min(fault.orElseThrow().amount(), body.length - from) : body.length - from;
        int status = from > 0 || partial ? 206 : 200;
        if (status == 206) {
            headers.put("Content-Range", "bytes " + from + "-" + (from + length - 1) + "/" + body.length);
        }
        headers.forEach(exchange.getResponseHeaders()::set);
        boolean wantsBody = exchange.getRequestMethod().equals("GET") && length > 0;
        answer(exchange, status, wantsBody ? length : -1);
        if (!wantsBody) {
            return;
        }
        long end = delivery == Fault.Delivery.CUT
                ? Math.min(length, fault.orElseThrow().amount())
                : length;
        int step = delivery == Fault.Delivery.DRIP ? (int) fault.orElseThrow().amount() : 1 << 16;
        OutputStream out = exchange.getResponseBody();
        for (int at = 0; at < end; at += step) {
            out.write(body, from + at, (int) Math.min(step, end - at));
            out.flush();
            if (delivery == Fault.Delivery.DRIP && ended(fault.orElseThrow())) {
                break;
            }
        }
        if (end < length) {
            throw new IOException("cut on purpose");
        }
    }

    /** Until the connection ends, and nobody says where that should be. */
    private void sendUnmeasured(HttpExchange exchange, byte[] body, long cutAfter) throws IOException {
        answer(exchange, 200, 0);
        exchange.getResponseBody().write(body, 0, (int) Math.min(body.length, cutAfter));
        exchange.getResponseBody().close();
    }

    private boolean ended(Fault fault) throws IOException {
        try {
            return closing.await(fault.pause().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new IOException("closing", ending);
        }
    }

    private void send(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        boolean bodiless = answer.body().length == 0 || answer.status() == 304;
        answer(exchange, answer.status(), bodiless ? -1 : answer.body().length);
        if (!bodiless) {
            exchange.getResponseBody().write(answer.body());
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Stops answering; answers under way break off. */
    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        mute.close();
        threads.shutdownNow();
    }

    @Override
    public String toString() {
        return "Tardis simulator at " + baseUrl();
    }

    /** Collects what is simulated. Not thread-safe. */
    public static final class Builder {

        private final List<SimulatedInstrument> instruments = new ArrayList<>(SimulatedInstrument.standard());
        private final List<SimulatedIncident> incidents = new ArrayList<>();
        private Optional<String> key = Optional.empty();
        private Instant exportedUntil = Instant.parse("2025-07-01T00:00:00Z");
        private int messagesPerDay = 2_000;

        private Builder() {}

        /** Asks for this key, but on the first day of a month; without one everything is free. */
        public Builder key(String key) {
            this.key = Optional.of(key);
            return this;
        }

        /** Sets the first instant of which there are no files yet (default 2025-07-01). */
        public Builder exportedUntil(Instant end) {
            this.exportedUntil = end;
            return this;
        }

        /** Sets how many messages arrive of each instrument a day (default 2,000, at least 100). */
        public Builder messagesPerDay(int messages) {
            if (messages < 100) {
                throw new IllegalArgumentException("A day has 100 messages or more, not " + messages);
            }
            this.messagesPerDay = messages;
            return this;
        }

        /** Adds a spot pair of which there are files in these days only. */
        public Builder spot(String exchange, String symbol, String base, String quote, Instant from, Instant to) {
            instruments.add(SimulatedInstrument.pair(exchange, symbol, "spot", base, quote, false, "100", "0.01")
                    .listed(from, Optional.of(to)));
            return this;
        }

        /** Has nothing arrive in a stretch, and the catalogue report it. */
        public Builder incident(String exchange, Instant from, Instant to, String status, String details) {
            incidents.add(new SimulatedIncident(exchange, from, to, status, details));
            return this;
        }

        /** Starts it. */
        public TardisSimulator start() {
            return new TardisSimulator(this);
        }
    }
}
