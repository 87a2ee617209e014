package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Interval;
import dev.candlewick.TimeRange;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Names of kline files: whatever the symbol, what was written is what is read. */
final class ArchiveNameProperties {

    @Property(tries = 500)
    void theNameOfAnyFileIsReadBack(
            @ForAll("symbols") String symbol, @ForAll("intervals") Interval interval, @ForAll("days") LocalDate day) {
        ArchiveFile daily = ArchiveFile.daily(Market.SPOT, symbol, interval, day);
        ArchiveFile monthly = ArchiveFile.monthly(Market.SPOT, symbol, interval, YearMonth.from(day));
        for (ArchiveFile file : List.of(daily, monthly)) {
            ArchiveName name = ArchiveName.parse(file.zipName()).orElseThrow();
            assertThat(name.symbol()).isEqualTo(symbol);
            assertThat(name.interval()).isEqualTo(interval);
            assertThat(name.span()).isEqualTo(file.span());
            assertThat(name.toString()).isEqualTo(file.zipName());
            assertThat(name.stem()).isEqualTo(file.stem());
        }
    }

    @Property(tries = 200)
    void aFolderGivesBackTheFilesThatWerePutIn(@ForAll("symbols") String symbol, @ForAll("days") LocalDate day) {
        List<ArchiveName> names = IntStream.range(0, 40)
                .mapToObj(i -> i % 3 == 0
                        ? ArchiveFile.monthly(
                                        Market.SPOT, symbol, Interval.parse("1m"), YearMonth.from(day.plusMonths(i)))
                                .zipName()
                        : ArchiveFile.daily(Market.SPOT, symbol, Interval.parse("1m"), day.plusDays(i))
                                        .stem()
                                + (i % 2 == 0 ? ".csv" : ".zip"))
                .map(text -> ArchiveName.parse(text).orElseThrow())
                .toList();
        ArchiveFolder folder = new ArchiveFolder(
                "spot/x",
                Market.SPOT,
                names.get(0),
                names.stream().mapToInt(ArchiveFolder::code).toArray());
        assertThat(folder.all()).extracting(entry -> entry.name()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(folder.startingIn(TimeRange.day(day.plusDays(1), ZoneOffset.UTC)))
                .extracting(entry -> entry.path())
                .contains("spot/x/" + names.get(1));
    }

    @Example
    void whatIsNoKlineFileIsNotTakenForOne() {
        for (String name : List.of(
                "BTCUSDT-aggTrades-2024-01-01.zip",
                "BTCUSDT-1m-2024-02-30.zip",
                "BTCUSDT-1m-2024-13.zip",
                "BTCUSDT-7m-2024-01.zip",
                "BTCUSDT-1m-2024.zip",
                "BTCUSDT-1m-2024-01-01.zip.part",
                "BTCUSDT-1m-2024-01-01.zip.CHECKSUM",
                "BTCUSDT-1m-2024-01-01_23h50.excerpt.csv",
                "-1m-2024-01.zip",
                "BTCUSDT-0m-2024-01.zip",
                "BTCUSDT-1m-２０２４-01.zip")) {
            assertThat(ArchiveName.parse(name)).as(name).isEmpty();
        }
        assertThat(ArchiveName.parse("BTCUSDT-1M-2024-01.zip").orElseThrow().interval())
                .isEqualTo(Interval.parse("1M"));
    }

    @Provide
    Arbitrary<String> symbols() {
        return Arbitraries.oneOf(
                Arbitraries.of("BTCUSDT", "币安人生USDT", "BTCUSD_PERP", "BTCUSDT_250627", "1000SHIBUSDT", "A-1m-2024-01"),
                Arbitraries.strings()
                        .ofMinLength(1)
                        .ofMaxLength(12)
                        .filter(text -> !text.contains("/") && text.equals(ArchiveName.composed(text))));
    }

    @Provide
    Arbitrary<Interval> intervals() {
        return Arbitraries.of(Interval.BINANCE);
    }

    @Provide
    Arbitrary<LocalDate> days() {
        return Arbitraries.longs()
                .between(
                        LocalDate.of(2010, 1, 1).toEpochDay(),
                        LocalDate.of(2099, 12, 31).toEpochDay())
                .map(LocalDate::ofEpochDay);
    }
}
