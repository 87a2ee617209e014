package dev.candlewick.sink.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ByDateLayoutTest {

    private static final TimeRange DAY = TimeRange.day("2023-05-23");

    @ParameterizedTest
    @CsvSource({
        "trades, data_type-trades",
        "book:5, data_type-book_snapshot_5",
        "book:25, data_type-book_snapshot_25",
        "book:l2, data_type-incremental_book_L2",
        "options_chain, data_type-options_chain",
        "trades:grouped, data_type-trades%3Agrouped"
    })
    void aDayOfTicksLiesUnderItsDayAndTheTypeThatTardisNames(String dataset, String type) {
        Series series = Series.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN/" + dataset);

        assertThat(Layout.byDate().file(series, DAY))
                .hasToString("raw_tick_data/by_date/day-2023-05-23/" + type
                        + "/BINANCE-FUTURES%3APERPETUAL%3ABTC-USDT%40LIN.parquet");
    }

    @ParameterizedTest
    @CsvSource({
        "features:hft:15s, processed_candles/by_date/day-2023-05-23/timeframe-15s",
        "features:book:1m, processed_book_snapshots/by_date/day-2023-05-23/timeframe-1m",
        "features:mft:1m, mft_features/by_date/day-2023-05-23/timeframe-1m"
    })
    void featuresOfADayLieUnderTheirTimeframe(String dataset, String directory) {
        Schema schema = new Schema(List.of(Field.time("timestamp")), "timestamp", List.of("timestamp"));
        Series series =
                new Series(Subject.parse("BINANCE:SPOT_PAIR:BTC-USDT"), new Dataset(dataset, schema, Cadence.events()));

        assertThat(Layout.byDate().file(series, DAY))
                .hasToString(directory + "/BINANCE%3ASPOT_PAIR%3ABTC-USDT.parquet");
    }

    @ParameterizedTest
    @CsvSource({
        "instruments, ALL:REGISTRY:INSTRUMENTS, instrument_availability/by_date/day-2023-05-23/instruments.parquet",
        "instruments, DERIBIT:REGISTRY:INSTRUMENTS,"
                + " instrument_availability/by_venue/day-2023-05-23/DERIBIT%3AREGISTRY%3AINSTRUMENTS.parquet",
        "tick_report:missing, ALL:REPORT:TICKS, missing_data_reports/by_date/day-2023-05-23/missing_data.parquet",
        "tick_report:missing, ALL:REPORT:TICKS-1-OF-3,"
                + " missing_data_reports/by_date/day-2023-05-23/ALL%3AREPORT%3ATICKS-1-OF-3.parquet",
        "tick_report:available, ALL:REPORT:TICKS, available_data_reports/by_date/day-2023-05-23/available_data.parquet"
    })
    void whatIsAboutAllInstrumentsOfADayHasTheNameThatPipelinesLookFor(String dataset, String subject, String file) {
        Schema schema = new Schema(List.of(Field.time("day")), "day", List.of());
        Series series = new Series(Subject.parse(subject), new Dataset(dataset, schema, Cadence.events()));

        assertThat(Layout.byDate().file(series, DAY)).hasToString(file);
    }

    @Test
    void monthsLieAsInTheDefaultLayout() {
        Series series = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
        TimeRange month = TimeRange.of("2023-05-01", "2023-06-01");

        assertThat(Layout.byDate().file(series, month)).isEqualTo(Layout.hive().file(series, month));
    }
}
