package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any files of months and days over one another: what they hold together is given once, and the rest has its reason. */
final class ArchiveOverlapProperties {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-06-12T15:07:30Z"), ZoneOffset.UTC);
    private static final String SERIES = "BINANCE:SPOT_PAIR:BTC-USDT/candles:4h";
    private static final TimeRange RANGE = TimeRange.of("2024-01-20", "2024-02-12");

    @Property(tries = 60)
    void filesTogetherGiveWhatAnyOfThemHolds(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path directory = Files.createTempDirectory("overlap");
        try {
            DiskArchive disk = new DiskArchive(directory);
            TreeSet<Long> held = new TreeSet<>();
            List<TimeRange> good = new ArrayList<>();
            List<TimeRange> bad = new ArrayList<>();
            List<String> names = new ArrayList<>(List.of("2024-01", "2024-02"));
            for (LocalDate day = LocalDate.of(2024, 1, 18);
                    day.isBefore(LocalDate.of(2024, 2, 14));
                    day = day.plusDays(1)) {
                names.add(day.toString());
            }
            for (String name : names) {
                if (random.nextInt(3) == 0) {
                    continue;
                }
                TimeRange period = name.length() == 7 ? TimeRange.month(name) : TimeRange.day(name);
                String path = (random.nextBoolean() ? "spot/" : "data/spot/x/") + "BTCUSDT-4h-" + name + ".zip";
                TreeSet<Long> rows = new TreeSet<>();
                int density = random.nextInt(6);
                disk.proven(path, open -> {
                    boolean there = random.nextInt(6) >= density;
                    if (there) {
                        rows.add(open * 1_000);
                    }
                    return there;
                });
                if (random.nextInt(4) == 0) {
                    disk.bytes(path, java.util.Arrays.copyOf(disk.read(path), 40));
                    bad.add(period);
                } else {
                    held.addAll(rows);
                    good.add(period);
                }
            }
            ArchiveDirectorySource source =
                    ArchiveDirectorySource.builder(directory).clock(CLOCK).build();

            Reading whole = Reading.of(source, SERIES, RANGE);

            assertThat(whole.opens()).containsExactlyElementsOf(held.subSet(RANGE.startMicros(), RANGE.endMicros()));
            TimeRanges explained = TimeRanges.of(
                    whole.provenance().gaps().stream().map(Gap::range).toList());
            TimeRanges present = TimeRanges.of(whole.opens().stream()
                    .map(open -> TimeRange.ofEpochMicros(open, open + 14_400_000_000L))
                    .toList());
            TimeRanges files = TimeRanges.of(good).union(TimeRanges.of(bad)).within(RANGE);
            assertThat(explained.intersection(present)).isEqualTo(TimeRanges.none());
            assertThat(explained).isEqualTo(files.minus(present));
            assertThat(whole.provenance().gaps())
                    .allSatisfy(gap -> assertThat(gap.reason())
                            .isEqualTo(
                                    TimeRanges.of(bad).within(gap.range()).isEmpty()
                                            ? GapReason.ARCHIVE_HOLE
                                            : GapReason.QUARANTINED));
            List<List<String>> pieces = new ArrayList<>();
            for (TimeRange piece : RANGE.split(java.time.Duration.ofHours(4L * (1 + random.nextInt(30))))) {
                pieces.addAll(Reading.of(source, SERIES, piece).rows());
            }
            assertThat(pieces).isEqualTo(whole.rows());
        } finally {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
