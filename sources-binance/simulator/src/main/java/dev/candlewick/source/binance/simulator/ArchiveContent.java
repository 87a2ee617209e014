package dev.candlewick.source.binance.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Builds the files of the archive from the catalog's candles, with whatever the effects spoil in them. */
final class ArchiveContent {
    private final Catalog catalog;
    private final ArchiveRules rules;
    private final ZipBytes.Compression compression;

    ArchiveContent(Catalog catalog, ArchiveRules rules, ZipBytes.Compression compression) {
        this.catalog = catalog;
        this.rules = rules;
        this.compression = compression;
    }

    /** The candles of a file in its n-th revision; 0 is as first published. Empty for what is not there. */
    List<Bar> bars(ArchiveFile file, int revision) {
        return catalog.find(file.market(), file.symbol())
                .map(listed ->
                        revised(listed.candles().all(file.interval(), file.startMillis(), end(file, listed)), revision))
                .orElse(List.of());
    }

    boolean hasCandles(ArchiveFile file) {
        return catalog.find(file.market(), file.symbol())
                .map(listed -> !listed.candles().isEmpty(file.interval(), file.startMillis(), end(file, listed)))
                .orElse(false);
    }

    Scales scales(ArchiveFile file) {
        return catalog.find(file.market(), file.symbol())
                .orElseThrow()
                .candles()
                .scales();
    }

    /** The archive ends with the trading, also where the API goes on with flat candles. */
    private static long end(ArchiveFile file, Catalog.Listed listed) {
        long trading =
                listed.instrument().delistedAt().map(at -> at.toEpochMilli()).orElse(Long.MAX_VALUE);
        return Math.min(file.endMillis(), trading);
    }

    /** A revision raises the volume of the first and of every 97th candle, as a correction of the venue would. */
    private static List<Bar> revised(List<Bar> bars, int revision) {
        if (revision == 0) {
            return bars;
        }
        List<Bar> changed = new ArrayList<>(bars);
        for (int row = 0; row < changed.size(); row += 97) {
            Bar bar = changed.get(row);
            changed.set(row, bar.withVolume(bar.volume() + revision));
        }
        return changed;
    }

    byte[] zip(ArchiveFile file, int revision, List<Effect> effects) {
        byte[] csv = csv(file, revision, effects);
        for (Effect effect : effects) {
            if (effect instanceof Effect.Packing packing) {
                return packing.zip().apply(file.stem() + ".csv", csv);
            }
        }
        return ZipBytes.of(file.stem() + ".csv", csv, compression);
    }

    private byte[] csv(ArchiveFile file, int revision, List<Effect> effects) {
        List<Bar> bars = bars(file, revision);
        TimeFormat times = rules.times(file);
        boolean header = rules.hasHeader(file);
        boolean tampered = false;
        for (Effect effect : effects) {
            if (effect instanceof Effect.Bars change) {
                bars = change.change().apply(bars);
            } else if (effect instanceof Effect.Times override) {
                times = override.times();
            } else if (effect instanceof Effect.Header override) {
                header = override.header() == Effect.HeaderLine.PRESENT;
            } else if (effect instanceof Effect.Rows) {
                tampered = true;
            }
        }
        KlineText text = new KlineText(scales(file));
        byte[] lines = tampered ? tamperedLines(text.fields(bars, times), effects) : text.csv(bars, times);
        byte[] csv = header ? join(Reply.utf8(KlineText.HEADER + "\n"), lines) : lines;
        for (Effect effect : effects) {
            if (effect instanceof Effect.Content change) {
                csv = change.change().apply(csv);
            }
        }
        return csv;
    }

    private static byte[] tamperedLines(List<String[]> rows, List<Effect> effects) {
        List<String[]> changed = rows;
        for (Effect effect : effects) {
            if (effect instanceof Effect.Rows tampering) {
                changed = tampering.change().apply(changed);
            }
        }
        return Reply.utf8(
                changed.stream().map(row -> String.join(",", row) + "\n").collect(Collectors.joining()));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
