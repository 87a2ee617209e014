package dev.candlewick.source.binance;

import dev.candlewick.Interval;
import dev.candlewick.TimeRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A directory of kline files as a downloader leaves it, made by the test. */
record DiskArchive(Path root) {

    /** What a test may do to rows: a candle that opens then is there. */
    static final LongPredicate ALL = open -> true;

    /** A zip with its checksum, all candles of the period that its name says. */
    DiskArchive proven(String path) {
        return proven(path, ALL);
    }

    DiskArchive proven(String path, LongPredicate openMillis) {
        return bytes(path, zip(member(path), csv(path, openMillis))).checksum(path);
    }

    /** A zip without a checksum. */
    DiskArchive bare(String path) {
        return bytes(path, zip(member(path), csv(path, ALL)));
    }

    DiskArchive bytes(String path, byte[] bytes) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DiskArchive checksum(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return bytes(path + ".CHECKSUM", (Sha256.hex(read(path)) + "  " + name).getBytes(StandardCharsets.UTF_8));
    }

    byte[] read(String path) {
        try {
            return Files.readAllBytes(root.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The candles of a file by its name: prices follow from the open time, so any two files agree. */
    static byte[] csv(String path, LongPredicate openMillis) {
        return csv(path, openMillis, "1.5");
    }

    static byte[] csv(String path, LongPredicate openMillis, String volume) {
        ArchiveName name =
                ArchiveName.parse(path.substring(path.lastIndexOf('/') + 1)).orElseThrow();
        TimeRange period = new ArchiveFolder("", Market.SPOT, name, new int[] {ArchiveFolder.code(name)})
                .all()
                .get(0)
                .file()
                .period();
        Interval interval = name.interval();
        StringBuilder csv = new StringBuilder();
        Instant open = interval.floor(period.start(), ZoneOffset.UTC);
        for (; open.isBefore(period.end()); open = interval.next(open, ZoneOffset.UTC)) {
            long millis = open.toEpochMilli();
            if (!open.isBefore(period.start()) && openMillis.test(millis)) {
                long close = interval.next(open, ZoneOffset.UTC).toEpochMilli() - 1;
                String price = 100 + millis / 60_000 % 50 + ".25";
                csv.append(String.join(
                                ",",
                                Long.toString(millis),
                                price,
                                price,
                                price,
                                price,
                                volume,
                                Long.toString(close),
                                "150.0",
                                "3",
                                "0.5",
                                "50.0",
                                "0"))
                        .append('\n');
            }
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String member(String path) {
        return path.substring(path.lastIndexOf('/') + 1).replaceAll("\\.zip$", ".csv");
    }

    static byte[] zip(String member, byte[] content) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                zip.putNextEntry(new ZipEntry(member));
                zip.write(content);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything below the root, for a look at what a run left. */
    String names() {
        try (var files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
