package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.Interval;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.http.Json;
import dev.candlewick.testkit.RecordedData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real files and answers of Binance, against sums that were computed elsewhere. */
final class RecordedKlinesTest {

    private static final TimeRange EVER = TimeRange.of("2017-01-01", "2030-01-01");

    @ParameterizedTest
    @CsvSource({
        "vision/csv/spot-klines-1h/BTCUSDT-1h-2024-11.csv.gz, 1h, times in ms",
        "vision/csv/spot-klines-1h/BTCUSDT-1h-2024-12.csv.gz, 1h, times in ms",
        "vision/csv/spot-klines-1h/BTCUSDT-1h-2025-01.csv.gz, 1h, times in µs",
        "vision/csv/spot-klines-1h/BTCUSDT-1h-2025-02.csv.gz, 1h, times in µs",
        "vision/csv/um-klines-1m/NEARUSDT-1m-2024-11.csv.gz, 1m, times in ms",
        "vision/csv/um-klines-1m/ALGOUSDT-1m-2024-02.csv.gz, 1m, times in ms",
        "vision/data/spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2020-01-01.zip, 1m, times in ms",
        "vision/data/spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2020-01-02.zip, 1m, times in ms",
        "vision/data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2026-05-08.zip, 1h, times in µs",
    })
    void everyColumnSumIsTheGoldenOne(String name, String interval, String unit) throws IOException {
        byte[] bytes = RecordedData.bytes("binance/" + name);
        JsonNode golden = Json.mapper()
                .readTree(RecordedData.bytes("binance/golden/csv_stats.json"))
                .path(name);
        if (name.endsWith(".zip")) {
            String stem = name.substring(name.lastIndexOf('/') + 1, name.length() - 4);
            String checksum = new String(
                    RecordedData.bytes("binance/" + name + ".CHECKSUM"), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(PublishedChecksum.parse(checksum, stem + ".zip"))
                    .contains(new PublishedChecksum(Sha256.hex(bytes)));
            bytes = KlineZip.unpack(bytes, stem + ".csv", 1_440, name);
        }
        ParsedKlines parsed = parse(name, interval, bytes);
        Batch rows = parsed.rows();
        assertThat(rows.rows()).isEqualTo(golden.path("rows").asInt()).isPositive();
        assertThat(sum(rows, "volume"))
                .isEqualByComparingTo(golden.path("sumVolume").asText());
        assertThat(sum(rows, "quote_volume"))
                .isEqualByComparingTo(golden.path("sumQuoteVolume").asText());
        long trades = 0;
        for (int row = 0; row < rows.rows(); row++) {
            trades += rows.longs("trades").value(row);
        }
        assertThat(trades).isEqualTo(golden.path("sumTrades").asLong());
        assertThat(parsed.quarantined()).isEmpty();
        assertThat(parsed.notes()).contains(unit);
    }

    @Test
    void recordedRestKlinesAreReadAsTheyAre() throws IOException {
        byte[] csv =
                KlineJson.toCsv(RecordedData.bytes("binance/rest/spot_BTCUSDT_klines.2021-10-22.json"), "recorded");
        Batch rows = parse("recorded", "1m", csv).rows();
        assertThat(rows.times().epochMicros(0)).isEqualTo(1_634_943_780_000_000L);
        assertThat(rows.decimals("quote_volume").get(0)).isEqualByComparingTo("1313200.01340410");
        assertThat(rows.times("close_time").epochMicros(0)).isEqualTo(1_634_943_839_999_000L);
    }

    @ParameterizedTest
    @CsvSource({
        "rest/spot_exchangeInfo_2021-10-12.json.gz, SPOT, 1695",
        "rest/um_exchangeInfo_2021-07-22.json.gz, USD_MARGINED, 122",
        "rest/cm_exchangeInfo_2021-07-22.json.gz, COIN_MARGINED, 36",
        "rest/um_exchangeInfo_2022-02-19.3symbols.json, USD_MARGINED, 3",
    })
    void recordedExchangeInfoGivesEveryInstrument(String name, Market market, int count) throws IOException {
        ExchangeInfo info =
                ExchangeInfo.read(market, new ByteArrayInputStream(RecordedData.bytes("binance/" + name)), name);
        assertThat(info.instruments()).hasSize(count);
        assertThat(info.weightPerMinute()).isPresent();
        assertThat(info.instruments()).allSatisfy(instrument -> {
            assertThat(Symbols.symbol(market, instrument.subject())).isEqualTo(instrument.symbol());
            assertThat(instrument.tickSize()).isPresent();
        });
    }

    @Test
    void theSameMonthInBothUnitsDiffersInTheCloseTimeBelowTheMillisecondOnly() throws IOException {
        byte[] millis = RecordedData.bytes("binance/vision/csv/spot-klines-1h/BTCUSDT-1h-2024-12.csv.gz");
        String micros = new String(millis, java.nio.charset.StandardCharsets.UTF_8)
                .replaceAll("(?m)^(\\d{13}),", "$1000,")
                .replaceAll(",(\\d{10}999),", ",$1999,");
        Batch first = parse("ms", "1h", millis).rows();
        Batch second = parse("µs", "1h", micros.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .rows();
        assertThat(second.rows()).isEqualTo(744);
        assertThat(CandleRows.differences(first, second)).isZero();
        for (int row = 0; row < first.rows(); row++) {
            long close = first.times("close_time").epochMicros(row);
            assertThat(close % 1_000_000).isEqualTo(999_000);
            assertThat(second.times("close_time").epochMicros(row)).isEqualTo(close + 999);
            for (Column column : first.columns()) {
                if (!column.name().equals("close_time")) {
                    assertThat(second.column(column.name()).text(row)).isEqualTo(column.text(row));
                }
            }
        }
    }

    private static ParsedKlines parse(String name, String interval, byte[] csv) {
        Series series = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", interval);
        return new KlineCsvParser(series, Interval.parse(interval), EVER, name, csv).parse();
    }

    private static BigDecimal sum(Batch rows, String column) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int row = 0; row < rows.rows(); row++) {
            sum = sum.add(rows.decimals(column).get(row));
        }
        return sum;
    }
}
