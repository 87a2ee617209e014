package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.candlewick.Corrupt;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.http.Json;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.testkit.HostileInput;
import dev.candlewick.testkit.RecordedData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Documents of Tardis that Tardis would never send. */
@Tag("fuzz")
class HostileTardisTest {

    private static final int LONGEST_REASON = 4_000;

    private static final String EXCHANGE = """
            {"id":"deribit","name":"Deribit","enabled":true,"delisted":false,"availableSince":"2019-03-30T00:00:00.000Z",
            "availableTo":null,"availableChannels":["book","trades"],"supportsDatasets":true,
            "availableSymbols":[{"id":"BTC-PERPETUAL","type":"perpetual","availableSince":"2019-03-30T00:00:00.000Z"},
            {"id":"BTC-27DEC19","type":"future","availableSince":"2019-06-14","availableTo":"2019-12-28T00:00:00.000Z"}],
            "incidentReports":[{"from":"2019-08-14T09:00:00.000Z","to":"2019-08-14T11:00:00+02:00","status":"resolved",
            "details":"late data"},{"from":"2020-01-01","status":"unresolved"}],
            "datasets":{"formats":["csv"],"exportedFrom":"2019-03-30T00:00:00.000Z","exportedUntil":"2020-02-01T00:00:00.000Z",
            "stats":{"trades":{"a":[1,2]}},"symbols":[{"id":"BTC-PERPETUAL","type":"perpetual",
            "availableSince":"2019-03-30T00:00:00.000Z","availableTo":"2020-02-01T00:00:00.000Z",
            "dataTypes":["trades","quotes"]}]}}
            """;

    private static final String INSTRUMENT = """
            {"id":"BTC-9JUN20-9875-P","exchange":"deribit","baseCurrency":"BTC","quoteCurrency":"USD","type":"option",
            "active":false,"availableSince":"2020-06-07T00:00:00.000Z","availableTo":"2020-06-10T00:00:00.000Z",
            "expiry":"2020-06-09T08:00:00.000Z","priceIncrement":0.0005,"amountIncrement":0.1,"minTradeAmount":"0.1",
            "makerFee":-0.0004,"takerFee":4e-4,"contractMultiplier":1,"inverse":true,"optionType":"put","strikePrice":9875,
            "datasetId":"BTC-9JUN20-9875-P","underlyingIndex":"SYN.BTC-9JUN20","listing":"2020-06-07T08:00:00.000Z",
            "changes":[{"until":"2020-06-08T00:00:00.000Z","priceIncrement":0.001,"inverse":false},
            {"until":"2020-06-07T12:00:00.000Z","minTradeAmount":0.2}]}
            """;

    @TempDir
    private Path directory;

    @Test
    void documentsOfExchanges() {
        HostileInput target = HostileInput.named("catalogue of tardis")
                .covering(TardisSource.class)
                .seed(EXCHANGE)
                .seed("[" + EXCHANGE + "," + EXCHANGE + "]")
                .seed("[{\"exchange\":\"deribit\",\"accessType\":\"time-based\",\"from\":\"2019-01-01\",\"to\":"
                        + "\"2020-01-01T00:00:00Z\",\"symbols\":[\"A\"],\"dataPlan\":\"pro\"},{\"symbols\":\"B\"}]");
        recorded(target, "api/exchange.hyperliquid.json", "api/exchanges.2025-09-17.json");
        target.run((input, choices) -> {
            InputStream in = new ByteArrayInputStream(input);
            try {
                switch (choices.nextInt(3)) {
                    case 0 ->
                        MetadataJson.exchanges(in)
                                .forEach(each -> assertThat(each.id()).isNotNull());
                    case 1 -> explained(MetadataJson.details(in));
                    default ->
                        MetadataJson.access(in)
                                .forEach(each -> assertThat(each.exchange()).isNotNull());
                }
            } catch (IOException unreadable) {
                throw new Corrupt(HostileInput.FILE + unreadable.getMessage(), unreadable); // as the catalogue does
            }
        });
    }

    /** What the catalogue is asked for when there is no file. */
    private static void explained(TardisExchangeDetails details) {
        DatasetFile file = new DatasetFile("deribit", TardisData.TRADES, "BTC-PERPETUAL", LocalDate.of(2019, 8, 14));
        Availability availability = new Availability(file, Instant.parse("2020-02-01T00:00:00Z"));
        assertThat(availability.incidents(List.of(file.range()), details.incidents()))
                .isNotNull();
        availability
                .byCatalogue(file.range(), details)
                .ifPresent(gap -> assertThat(gap.evidence()).isNotBlank());
        assertThat(details).asString().isNotBlank();
    }

    @Test
    void documentsOfInstruments() {
        HostileInput target = HostileInput.named("instruments of tardis")
                .covering(TardisSource.class)
                .covering(Instrument.class)
                .seed(INSTRUMENT)
                .seed("[" + INSTRUMENT + ","
                        + INSTRUMENT.replace("option", "future").replace("9JUN20", "26JUN20") + "]")
                .seed("""
                        [{"id":"btcusdt","exchange":"binance-futures","baseCurrency":"BTC","quoteCurrency":"USDT",
                        "type":"perpetual","contractType":"linear_perpetual","settlementCurrency":"USDT","active":true},
                        {"id":"XBTZ21","exchange":"bitmex","type":"future","quanto":true,"aliasFor":"x"},
                        {"id":"BTC-USD-211224-56000-C","exchange":"okex-options","type":"option","strikePrice":"56000.0"}]
                        """);
        recorded(
                target,
                "api/instruments/single_combo.json",
                "api/instruments/single_future.json",
                "api/instruments/single_option.json",
                "api/instruments/single_perpetual.json",
                "api/instruments/single_spot.json",
                "api/instruments/binance-futures.future.2025-06-11.json.gz",
                "api/instruments/cryptofacilities.perpetual.2025-06-11.json.gz");
        target.run((input, choices) -> {
            InstrumentsJson read = InstrumentsJson.read(new ByteArrayInputStream(input), HostileInput.FILE);
            JsonNode all = Json.mapper().readTree(input);
            for (Instrument each : read.instruments()) {
                assertThat(InstrumentKey.parse(each.key().toString())).isEqualTo(each.key());
                Optional<BigDecimal> tick = each.terms().tickSize();
                if (each.changes().isEmpty() && tick.isPresent() && !isWritten(tick.get(), all)) {
                    throw new AssertionError(tick.get() + " is nowhere in the document");
                }
            }
            for (QuarantinedRow row : read.rejected()) {
                if (row.reason().isBlank()
                        || row.reason().equals("null")
                        || row.reason().length() > LONGEST_REASON) {
                    throw new AssertionError("set aside without a reason that can be read: " + row);
                }
            }
        });
    }

    private static boolean isWritten(BigDecimal number, JsonNode document) {
        for (JsonNode each : document.findValues("priceIncrement")) {
            try {
                if (new BigDecimal(each.asText()).compareTo(number) == 0) {
                    return true;
                }
            } catch (NumberFormatException another) {
                continue;
            }
        }
        return false;
    }

    @Test
    void bodiesOfErrors() {
        HostileInput.named("errors of tardis")
                .covering(TardisSource.class)
                .seed("{\"code\":274,\"message\":\"key is locked\",\"retryAfterSeconds\":893}")
                .seed("<html><body>502 Bad Gateway\r\n</body></html>")
                .run((input, choices) -> {
                    ErrorBody body = ErrorBody.parse(new String(input, StandardCharsets.UTF_8));
                    if (body.toString().length() > 330 || body.message().indexOf('\n') >= 0) {
                        throw new AssertionError("no line: " + body);
                    }
                });
    }

    @Test
    void beginningsOfFiles() throws IOException {
        HostileInput target = HostileInput.named("first rows of tardis")
                .covering(TardisSource.class)
                .seed("exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n"
                        + "binance,BTCUSDT,1582329602111000,1582329602418379,42377944,buy,9682,0.132\n")
                .seed("exchange,symbol,timestamp\n")
                .seed(new byte[0]);
        DatasetFile file = new DatasetFile(HostileInput.FILE, TardisData.TRADES, "BTCUSDT", LocalDate.of(2020, 2, 22));
        Path path = directory.resolve("file");
        target.run((input, choices) -> {
            byte[] bytes = choices.nextBoolean() ? gzip(input) : input;
            if (choices.nextInt(4) == 0 && bytes.length > 0) {
                bytes[choices.nextInt(bytes.length)] ^= (byte) (1 << choices.nextInt(8));
            }
            Files.write(path, bytes);
            FirstRow first = FirstRow.of(file, new CachedCopy(path, bytes.length, "", "", Instant.EPOCH));
            if (first.symbol().isEmpty() && Arrays.equals(bytes, input) && rowsFollow(input)) {
                throw new AssertionError("no row, although there are some");
            }
        });
    }

    private static boolean rowsFollow(byte[] input) {
        boolean gzip = input.length > 1 && input[0] == 0x1F && input[1] == (byte) 0x8B;
        String[] lines = new String(input, StandardCharsets.ISO_8859_1).split("\n", -1);
        return !gzip
                && Arrays.stream(lines)
                                .filter(line -> !line.isEmpty() && !line.equals("\r"))
                                .count()
                        > 1;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static void recorded(HostileInput target, String... names) {
        for (String name : names) {
            try {
                byte[] document = RecordedData.bytes("tardis/" + name);
                if (document.length < 10_000) {
                    target.seed(document);
                } else {
                    seedElements(target, document);
                }
            } catch (IOException | TestAbortedException notRecorded) {
                continue;
            }
        }
    }

    /** Of a long list, a few of its elements. */
    private static void seedElements(HostileInput target, byte[] document) throws JsonProcessingException, IOException {
        JsonNode all = Json.mapper().readTree(document);
        for (int i = 0; all.isArray() && i < 5; i++) {
            JsonNode each = all.path(i * all.size() / 5);
            if (each.toString().length() < 10_000) {
                target.seed("[" + each + "]");
            }
        }
    }
}
