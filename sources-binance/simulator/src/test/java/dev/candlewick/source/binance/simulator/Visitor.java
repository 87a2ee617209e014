package dev.candlewick.source.binance.simulator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A plain HTTP client and naive readers: what a test sees of the venue from outside. */
final class Visitor {
    static final String BTC_JANUARY = "data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01.zip";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Visitor() {}

    static HttpResponse<byte[]> get(URI base, String target, String... headers) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + target)).timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** The rows of a candle answer, each as its twelve values without quotes. */
    static List<String[]> rows(HttpResponse<byte[]> response) {
        List<String[]> rows = new ArrayList<>();
        Matcher row = Pattern.compile("\\[([^\\[\\]]+)\\]").matcher(text(response));
        while (row.find()) {
            rows.add(row.group(1).replace("\"", "").split(",", -1));
        }
        return rows;
    }

    static List<Long> openTimes(HttpResponse<byte[]> response) {
        return rows(response).stream().map(row -> Long.parseLong(row[0])).toList();
    }

    static Map<String, byte[]> unzip(byte[] zip) {
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                members.put(entry.getName(), in.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return members;
    }

    /** The lines of the only member of a zip. */
    static List<String> lines(HttpResponse<byte[]> zip) {
        byte[] csv = unzip(zip.body()).values().iterator().next();
        return new String(csv, StandardCharsets.UTF_8).lines().toList();
    }

    static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
