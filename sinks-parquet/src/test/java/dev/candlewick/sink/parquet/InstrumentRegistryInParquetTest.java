package dev.candlewick.sink.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.InstrumentRegistry;
import dev.candlewick.instrument.ListingWindow;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstrumentRegistryInParquetTest {

    private static final Instant LISTED = Instant.parse("2024-01-01T00:00:00Z");
    private static final LocalDate DAY = LocalDate.of(2024, 3, 2);
    private static final InstrumentCatalog CATALOG = InstrumentCatalog.of(List.of(
            listed("DERIBIT:OPTION:MATIC-USDC@LIN-240309-1.02-CALL"),
            listed("DERIBIT:COMBO:BTC-FS-28MAR25_PERP"),
            listed("BINANCE:SPOT_PAIR:币安人生-USDT")));

    @TempDir
    Path directory;

    @Test
    void definitionsComeBackFromFilesInTheOrderOfTheirKeys() {
        try (ParquetStore store = ParquetStore.at(directory)) {
            InstrumentRegistry.over(store).write(CATALOG, DAY);
        }
        try (ParquetStore store = ParquetStore.at(directory)) {
            InstrumentRegistry registry = InstrumentRegistry.over(store);
            assertThat(registry.asOf(DAY.plusDays(9)).instruments()).isEqualTo(CATALOG.instruments());
            assertThat(registry.venues()).containsExactly("BINANCE", "DERIBIT");
            assertThat(store.verify().isSound()).isTrue();
        }
    }

    private static Instrument listed(String key) {
        return Instrument.of(InstrumentKey.parse(key))
                .window(ListingWindow.since(LISTED))
                .build();
    }
}
