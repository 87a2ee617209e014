package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.Shard;
import dev.candlewick.instrument.TradingState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metadata as Tardis sent it, where this machine has it. */
class InstrumentsRecordedTest {

    private static final Instant RECORDED = Instant.parse("2025-06-11T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "binance.2025-06-11.json.gz, instrument_keys_binance.spot.csv.gz, 2836",
        "binance-delivery.perpetual.2025-06-11.json.gz, instrument_keys_binance-delivery.perpetual.csv.gz, 50",
        "cryptofacilities.perpetual.2025-06-11.json.gz, instrument_keys_cryptofacilities.perpetual.csv.gz, 426",
        "binance-futures.perpetual.2025-06-11.json.gz+binance-futures.future.2025-06-11.json.gz,"
                + " instrument_keys_binance-futures.future-perpetual.csv.gz, 617"
    })
    void everyRecordHasTheExpectedKeyAndShortForm(String dumps, String expected, int count) throws IOException {
        List<Instrument> read = new ArrayList<>();
        for (String dump : dumps.split("\\+")) {
            InstrumentsJson answer = parse("api/instruments/" + dump);
            assertThat(answer.rejected()).isEmpty();
            read.addAll(answer.instruments());
        }
        InstrumentCatalog catalog = InstrumentCatalog.of(read);
        List<String> keys = read.stream()
                .map(each -> String.join(
                        ",",
                        each.datasetId(),
                        each.rawSymbol(),
                        each.key().toString(),
                        catalog.uniqueAlias(each.key())
                                .map(InstrumentKey::toString)
                                .orElse("")))
                .toList();

        assertThat(keys).hasSize(count).containsExactlyInAnyOrderElementsOf(lines("expected/" + expected));
        for (Instrument each : read) {
            InstrumentKey key = each.key();
            assertThat(InstrumentKey.parse(key.toString())).isEqualTo(key);
            assertThat(InstrumentKey.parseFileName(key.fileName())).isEqualTo(key);
            assertThat(catalog.resolve(key)).isEqualTo(each);
            catalog.uniqueAlias(key)
                    .ifPresent(alias -> assertThat(catalog.resolve(alias)).isEqualTo(each));
        }
    }

    @Test
    void theThreeThousandNineHundredAndTwentyNineInstrumentsAreSharedOutWithoutLossOrOverlap() throws IOException {
        List<Instrument> all = everything();
        assertThat(all).hasSize(3_929);
        for (int total : new int[] {1, 2, 7, 60}) {
            Map<Integer, Integer> sizes = new HashMap<>();
            for (Instrument each : all) {
                int takers = 0;
                for (int index = 0; index < total; index++) {
                    if (Shard.of(index, total).takes(each)) {
                        takers++;
                        sizes.merge(index, 1, Integer::sum);
                    }
                }
                assertThat(takers).as("%s of %d shards", each, total).isEqualTo(1);
            }
            double mean = all.size() / (double) total;
            assertThat(sizes.values())
                    .hasSize(total)
                    .allSatisfy(size -> assertThat((double) size)
                            .isBetween(mean - 5 * Math.sqrt(mean) - 1, mean + 5 * Math.sqrt(mean) + 1));
        }
    }

    @Test
    void tickSizesAreThoseOfTheTime() throws IOException {
        InstrumentCatalog catalog = InstrumentCatalog.of(everything());
        InstrumentKey key = InstrumentKey.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN");
        Instant change = Instant.parse("2022-02-15T03:30:00Z");

        assertThat(tick(catalog, key, RECORDED)).contains(new BigDecimal("0.1"));
        assertThat(tick(catalog, key, change)).contains(new BigDecimal("0.1"));
        assertThat(tick(catalog, key, change.minusMillis(1))).contains(new BigDecimal("0.01"));
    }

    @Test
    void aHaltBeforeTheFirstTradeIsAChangeOfState() throws IOException {
        InstrumentCatalog catalog = InstrumentCatalog.of(everything());
        Instrument scroll = catalog.resolve("BINANCE:SPOT_PAIR:SCR-USDT");

        assertThat(scroll.terms().state()).contains(TradingState.ACTIVE);
        assertThat(scroll.at(Instant.parse("2024-10-21T00:00:00Z")).terms().state())
                .contains(TradingState.INACTIVE);
    }

    @Test
    void smallFloatsAreReadDigitByDigit() throws IOException {
        Instrument bitcoin = InstrumentCatalog.of(everything()).resolve("BINANCE:SPOT_PAIR:BTC-USDT");
        assertThat(bitcoin.terms().amountStep()).contains(new BigDecimal("0.00001"));
        assertThat(bitcoin.terms().minSize().map(BigDecimal::toPlainString)).contains("0.00001");
    }

    @ParameterizedTest
    @CsvSource({
        "single_spot.json, DERIBIT:SPOT_PAIR:BTC-USDC",
        "single_future.json, DERIBIT:FUTURE:BTC-USD@INV-250214",
        "single_option.json, DERIBIT:OPTION:BTC-USD@INV-250425-200000-PUT",
        "single_combo.json, DERIBIT:COMBO:BTC-FS-28MAR25_PERP",
        "single_perpetual.json, BITMEX:PERPETUAL:BTC-USD@INV"
    })
    void aRecordOfEachKindHasItsKey(String file, String key) throws IOException {
        InstrumentsJson answer = parse("api/instruments/" + file);
        assertThat(answer.rejected()).isEmpty();
        assertThat(answer.instruments())
                .singleElement()
                .satisfies(each -> assertThat(each.key()).hasToString(key));
    }

    @Test
    void anInverseOptionKeepsTheQuoteThatItsPremiumIsPaidIn() throws IOException {
        Instrument option =
                parse("api/instruments/single_option.json").instruments().get(0);
        assertThat(option.quote()).isEqualTo("BTC");
        assertThat(option.settle()).isEqualTo("BTC");
        assertThat(option.key().quote()).contains("USD");
        assertThat(option.expiry()).contains(Instant.parse("2025-04-25T08:00:00Z"));
    }

    @Test
    void whereSpellingAndMetadataAgreeEachFollowsFromTheOther() throws IOException {
        int agreeing = 0;
        for (Instrument each : everything()) {
            Optional<InstrumentKey> read = InstrumentsNaming.key(each.exchange(), each.datasetId());
            boolean retired = each.datasetId().startsWith("PV_"); // a spelling that no key leads to any more
            if (!retired && read.equals(Optional.of(each.key()))) {
                assertThat(TardisSymbols.of(each.exchange(), each.key()))
                        .as("%s", each)
                        .contains(each.datasetId());
                agreeing++;
            }
        }
        // The rest are assets that the metadata cuts at the wrong letter: PEO-PLE for PF_PEOPLEUSD.
        assertThat(agreeing).isGreaterThan(3_790);
    }

    private static Optional<BigDecimal> tick(InstrumentCatalog catalog, InstrumentKey key, Instant at) {
        return catalog.resolve(key, at).terms().tickSize();
    }

    private static List<Instrument> everything() throws IOException {
        List<Instrument> all = new ArrayList<>();
        for (String name : List.of(
                "binance",
                "binance-futures.perpetual",
                "binance-futures.future",
                "binance-delivery.perpetual",
                "cryptofacilities.perpetual")) {
            all.addAll(parse("api/instruments/" + name + ".2025-06-11.json.gz").instruments());
        }
        return all;
    }

    private static InstrumentsJson parse(String name) throws IOException {
        return InstrumentsJson.read(new ByteArrayInputStream(bytes(name)), name);
    }

    private static List<String> lines(String name) throws IOException {
        List<String> lines =
                new String(bytes(name), StandardCharsets.UTF_8).lines().toList();
        return lines.subList(1, lines.size());
    }

    private static byte[] bytes(String name) throws IOException {
        Optional<Path> file =
                root().map(root -> root.resolve("tardis").resolve(name)).filter(Files::exists);
        assumeTrue(file.isPresent(), "no recorded data " + name);
        try (InputStream input = Files.newInputStream(file.orElseThrow())) {
            return name.endsWith(".gz") ? new GZIPInputStream(input).readAllBytes() : input.readAllBytes();
        }
    }

    private static Optional<Path> root() {
        String named = System.getProperty("candlewick.data", System.getenv("CANDLEWICK_DATA"));
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        for (Path at = Path.of(System.getProperty("user.dir")).toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("shared/data"))) {
                return Optional.of(at.resolve("shared/data"));
            }
        }
        return Optional.empty();
    }
}
