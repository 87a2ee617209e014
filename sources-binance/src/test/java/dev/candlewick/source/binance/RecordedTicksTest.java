package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import dev.candlewick.testkit.RecordedData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** Files and answers of Binance, recorded byte for byte, each against the plainest reading of it. */
final class RecordedTicksTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-06-10T00:00:00Z"), ZoneOffset.UTC);
    private static final String VISION = "vision/data/futures/";

    @Test
    void aDayOfAggregatesOfCoinMarginedIsContiguousAndExact() throws IOException {
        String file = VISION + "cm/daily/aggTrades/BTCUSD_PERP/BTCUSD_PERP-aggTrades-2026-05-08.zip";
        List<String[]> lines = lines(file);
        assertThat(lines).hasSize(105_280);
        try (BinanceSimulator venue = venue();
                BinanceSource source = source(venue, Market.COIN_MARGINED);
                Batches batches = source.read(
                        Series.parse("BINANCE-DELIVERY:PERPETUAL:BTC-USD/agg_trades"), TimeRange.day("2026-05-08"))) {
            int at = 0;
            for (Batch batch : batches) {
                for (int row = 0; row < batch.rows(); row++, at++) {
                    String[] line = lines.get(at);
                    assertThat(batch.longs("id").value(row))
                            .isEqualTo(480_537_903L + at)
                            .isEqualTo(Long.parseLong(line[0]));
                    assertThat(batch.decimals("price").get(row)).isEqualByComparingTo(line[1]);
                    assertThat(batch.decimals("amount").get(row)).isEqualByComparingTo(line[2]);
                    assertThat(batch.longs("first_id").value(row)).isEqualTo(Long.parseLong(line[3]));
                    assertThat(batch.longs("last_id").value(row)).isEqualTo(Long.parseLong(line[4]));
                    assertThat(batch.times().epochMicros(row)).isEqualTo(Long.parseLong(line[5]) * 1_000);
                    assertThat(batch.texts("side").text(row)).isEqualTo(line[6].equals("true") ? "sell" : "buy");
                }
            }
            assertThat(at).isEqualTo(105_280);
            assertThat(batches.provenance().gaps()).isEmpty();
            assertThat(batches.provenance().answers()).singleElement().satisfies(answer -> {
                assertThat(answer.rows()).isEqualTo(105_280);
                assertThat(answer.note())
                        .isEqualTo(
                                "numbers 480537903–480643182; times in ms; "
                                        + "no number before or behind the day is known to tell whether the file is whole there");
                assertThat(answer.checksum()).isEqualTo("sha256:" + answer.version());
            });
        }
    }

    @Test
    void aMonthOfFundingKeepsItsJitterAndHasNoGap() throws IOException {
        List<String[]> lines = lines(VISION + "um/monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2026-04.zip");
        try (BinanceSimulator venue = venue();
                BinanceSource source = source(venue, Market.USD_MARGINED)) {
            TickReading reading =
                    TickReading.of(source, "BINANCE-FUTURES:PERPETUAL:BTC-USDT/funding", TimeRange.month("2026-04"));
            assertThat(reading.rows()).hasSize(90);
            for (int row = 0; row < 90; row++) {
                String[] line = lines.get(row);
                assertThat(Instant.parse(reading.rows().get(row).get(0)).toEpochMilli())
                        .isEqualTo(Long.parseLong(line[0]));
                assertThat(reading.rows().get(row).get(1)).isEqualTo(line[1]);
                assertThat(new BigDecimal(reading.rows().get(row).get(2))).isEqualByComparingTo(line[2]);
            }
            assertThat(reading.rows()).anyMatch(row -> !row.get(0).endsWith(":00:00Z"));
            assertThat(reading.reasons()).isEmpty();
        }
    }

    @Test
    void aDayOfMetricsHasItsBlanksAsNulls() throws IOException {
        List<String[]> lines = lines(VISION + "um/daily/metrics/BTCUSDT/BTCUSDT-metrics-2022-01-01.zip");
        try (BinanceSimulator venue = venue();
                BinanceSource source = source(venue, Market.USD_MARGINED)) {
            TickReading reading =
                    TickReading.of(source, "BINANCE-FUTURES:PERPETUAL:BTC-USDT/metrics", TimeRange.day("2022-01-01"));
            assertThat(reading.rows()).hasSize(288);
            for (int row = 0; row < 288; row++) {
                List<String> cells = reading.rows().get(row);
                String[] line = lines.get(row);
                assertThat(cells.get(0)).isEqualTo(line[0].replace(' ', 'T') + "Z");
                assertThat(cells.get(1)).isEqualTo("unknown");
                assertThat(new BigDecimal(cells.get(2))).isEqualByComparingTo(line[2]);
                assertThat(new BigDecimal(cells.get(3))).isEqualByComparingTo(line[3]);
                assertThat(cells.subList(4, 8)).containsOnly("");
            }
            assertThat(reading.notes()).contains("no checksum is published", "an unknown end of their period");
            assertThat(reading.reasons()).isEmpty();
        }
    }

    @Test
    void recordedAnswersOfRestAreReadAsTheyStand() throws IOException {
        for (String name : List.of("trades", "historical_trades", "agg_trades")) {
            boolean aggregated = name.equals("agg_trades");
            TickKind kind = aggregated ? TickKind.AGG_TRADES : TickKind.TRADES;
            byte[] body = RecordedData.bytes("binance/rest/spot_BTCUSDT_" + name + ".2021-10-22.json");
            Series series = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/" + kind.dataset());
            TradeJson.Page page = TradeJson.read(kind, series, body, name);
            var expected = dev.candlewick.http.Json.mapper().readTree(body);
            assertThat(page.rows().rows().rows()).isEqualTo(expected.size()).isPositive();
            assertThat(page.quarantined()).isEmpty();
            IntStream.range(0, expected.size()).forEach(row -> {
                var element = expected.get(row);
                Batch rows = page.rows().rows();
                assertThat(page.rows().ids()[row])
                        .isEqualTo(element.get(aggregated ? "a" : "id").asLong());
                assertThat(rows.times().epochMicros(row))
                        .isEqualTo(element.get(aggregated ? "T" : "time").asLong() * 1_000);
                assertThat(rows.decimals("price").get(row))
                        .isEqualByComparingTo(
                                element.get(aggregated ? "p" : "price").asText());
                assertThat(rows.decimals("amount").get(row))
                        .isEqualByComparingTo(
                                element.get(aggregated ? "q" : "qty").asText());
                assertThat(rows.texts("side").text(row))
                        .isEqualTo(
                                element.get(aggregated ? "m" : "isBuyerMaker").asBoolean() ? "sell" : "buy");
            });
        }
    }

    private static List<String[]> lines(String name) throws IOException {
        Path path = RecordedData.file("binance/" + name);
        List<String[]> lines = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(path))) {
            assertThat(zip.getNextEntry()).isNotNull();
            BufferedReader reader = new BufferedReader(new InputStreamReader(zip, StandardCharsets.UTF_8));
            reader.readLine();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line.split(",", -1));
            }
        }
        return lines;
    }

    private static BinanceSimulator venue() {
        Instant listed = Instant.parse("2026-06-01T00:00:00Z");
        return BinanceSimulator.builder()
                .market(SyntheticMarket.seeded(1)
                        .usdMargined("BTCUSDT", "BTC", "USDT", listed)
                        .coinMargined("BTCUSD_PERP", "BTC", listed)
                        .build())
                .clock(CLOCK)
                .archiveFiles(RecordedData.file("binance/vision"))
                .start();
    }

    private static BinanceSource source(BinanceSimulator venue, Market market) {
        return BinanceSource.builder(market)
                .fromEnvironment(venue.environment())
                .clock(CLOCK)
                .build();
    }
}
