package dev.candlewick.source.tardis.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the simulator serves is consistent in itself, and it asks for keys and honours ranges as Tardis does. */
final class TardisSimulatorTest {

    private final TardisSimulator tardis =
            TardisSimulator.builder().key("secret").messagesPerDay(600).start();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        tardis.close();
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(tardis.baseUrl() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static List<String> lines(byte[] zipped) throws IOException {
        try (GZIPInputStream rows = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return new String(rows.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private List<String[]> rows(String type, String symbol) {
        return tardis.published("/deribit/" + type + "/2024/01/01/" + symbol + ".csv.gz")
                .orElseThrow()
                .lines()
                .skip(1)
                .map(line -> line.split(",", -1))
                .toList();
    }

    @Test
    void theSameFileIsTheSameAtEveryServer() throws Exception {
        byte[] here = get("/deribit/trades/2024/01/01/BTC-PERPETUAL.csv.gz").body();
        try (TardisSimulator other =
                TardisSimulator.builder().messagesPerDay(600).start()) {
            assertThat(other.published("/deribit/trades/2024/01/01/BTC-PERPETUAL.csv.gz"))
                    .contains(String.join("\n", lines(here)) + "\n");
        }
    }

    @Test
    void rowsArriveInOrderWithAsManyCellsAsTheHeaderHas() {
        for (String type : List.of(
                "trades",
                "incremental_book_L2",
                "book_snapshot_5",
                "book_snapshot_25",
                "quotes",
                "book_ticker",
                "derivative_ticker",
                "liquidations",
                "options_chain")) {
            String symbol = type.equals("options_chain") ? "OPTIONS" : "BTC-PERPETUAL";
            List<String[]> rows = rows(type, symbol);
            int cells = SyntheticDay.header(type).split(",", -1).length;
            assertThat(rows)
                    .as(type)
                    .isNotEmpty()
                    .allSatisfy(row -> assertThat(row).hasSize(cells));
            assertThat(rows.stream().map(row -> Long.parseLong(row[3])).toList())
                    .as(type)
                    .isSortedAccordingTo(Comparator.naturalOrder());
        }
    }

    @Test
    void snapshotsAndQuotesAreWhatTheLevelChangesMake() {
        TreeMap<BigDecimal, String> asks = new TreeMap<>();
        TreeMap<BigDecimal, String> bids = new TreeMap<>(Comparator.reverseOrder());
        List<String> tops = new ArrayList<>();
        List<String[]> changes = rows("incremental_book_L2", "BTC-PERPETUAL");
        boolean inSnapshot = false;
        for (int i = 0; i < changes.size(); i++) {
            String[] row = changes.get(i);
            boolean snapshot = row[4].equals("true");
            if (snapshot && !inSnapshot) {
                asks.clear();
                bids.clear();
            }
            inSnapshot = snapshot;
            TreeMap<BigDecimal, String> side = row[5].equals("ask") ? asks : bids;
            if (row[7].equals("0")) {
                side.remove(new BigDecimal(row[6]));
            } else {
                side.put(new BigDecimal(row[6]), row[7]);
            }
            boolean last = i + 1 == changes.size() || !changes.get(i + 1)[3].equals(row[3]);
            if (last) {
                assertThat(asks.firstKey()).isGreaterThan(bids.firstKey());
                String top = row[3] + " " + asks.firstEntry().getValue() + " " + asks.firstKey() + " " + bids.firstKey()
                        + " " + bids.firstEntry().getValue();
                if (tops.isEmpty() || !tops.get(tops.size() - 1).substring(17).equals(top.substring(17))) {
                    tops.add(top);
                }
            }
        }
        assertThat(rows("quotes", "BTC-PERPETUAL"))
                .extracting(row -> row[3] + " " + row[4] + " " + row[5] + " " + row[6] + " " + row[7])
                .isEqualTo(tops);
    }

    @Test
    void keysAreAskedForExceptOnTheFirstOfAMonth() throws Exception {
        assertThat(get("/binance/trades/2024/01/01/BTCUSDT.csv.gz").statusCode())
                .isEqualTo(200);
        assertThat(get("/binance/trades/2024/01/02/BTCUSDT.csv.gz").statusCode())
                .isEqualTo(401);
        assertThat(get("/binance/trades/2024/01/02/BTCUSDT.csv.gz", "Authorization", "Bearer secret")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/binance/trades/2023/01/01/BTCUSDT.csv.gz").statusCode())
                .isEqualTo(404);
        assertThat(get("/exchanges").statusCode()).isEqualTo(200);
        assertThat(get("/instruments/binance").statusCode()).isEqualTo(401);
        assertThat(tardis.requests()).hasSize(6);
    }

    @Test
    void aRestIsServedOnlyOfTheVersionThatWasBegun() throws Exception {
        String path = "/binance/trades/2024/01/01/BTCUSDT.csv.gz";
        HttpResponse<byte[]> whole = get(path);
        String version = whole.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> rest = get(path, "Range", "bytes=100-", "If-Range", version);
        assertThat(rest.statusCode()).isEqualTo(206);
        assertThat(rest.body()).isEqualTo(java.util.Arrays.copyOfRange(whole.body(), 100, whole.body().length));
        assertThat(get(path, "Range", "bytes=100-", "If-Range", "\"other\"").statusCode())
                .isEqualTo(200);
        assertThat(get(path, "If-None-Match", version).statusCode()).isEqualTo(304);
    }

    @Test
    void faultsComeAsOftenAsAskedFor() throws Exception {
        String path = "/binance/trades/2024/01/01/BTCUSDT.csv.gz";
        tardis.fail(Fault.throttled(), 2);
        tardis.fail(Fault.cutAfter(10), 1);
        assertThat(get(path).statusCode()).isEqualTo(429);
        assertThat(get(path).statusCode()).isEqualTo(429);
        assertThatThrownBy(() -> get(path)).isInstanceOf(IOException.class);
        assertThat(get(path).statusCode()).isEqualTo(200);
    }
}
