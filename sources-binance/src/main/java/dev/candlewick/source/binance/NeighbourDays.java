package dev.candlewick.source.binance;

import dev.candlewick.Corrupt;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.source.binance.ArchivedTicks.Survey;
import dev.candlewick.source.binance.TradeDay.Edge;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** What the archive's files of the days around a day tell of the numbers at its ends. For one thread. */
final class NeighbourDays {

    /** Some thousand rows; what lies further in a file need not be fetched to know its first number. */
    private static final int HEAD_BYTES = 64 << 10;

    private static final int LARGEST_HEAD = 100 * HEAD_BYTES;

    private final TickRequest request;
    private final Instant now;

    NeighbourDays(TickRequest request, Instant now) {
        this.request = request;
        this.now = now;
    }

    /** The first row behind a day: the head of the next day's file. Unknown where that is not there or is no witness. */
    Edge after(TimeRange day) {
        TickFile next = TickFile.daily(request.market(), request.symbol(), request.kind(), day.end());
        if (next.period().end().isAfter(now)) {
            return Edge.UNKNOWN;
        }
        try {
            Optional<byte[]> zip = request.files().head(next, HEAD_BYTES);
            return zip.isPresent() ? first(next, lines(zip.get())) : Edge.UNKNOWN;
        } catch (Unavailable | HttpRefused | Corrupt silent) {
            return Edge.UNKNOWN;
        }
    }

    /** The last row before a day: the file of the day before has to be read for it as a whole. */
    Edge before(TimeRange day) {
        Instant start = day.start().minus(Duration.ofDays(1));
        TickFile previous = TickFile.daily(request.market(), request.symbol(), request.kind(), start);
        TimeRange yesterday = TimeRange.day(java.time.LocalDate.ofInstant(start, ZoneOffset.UTC), ZoneOffset.UTC);
        try {
            if (request.files().fetch(previous, yesterday) instanceof TickFiles.There there) {
                try (ArchivedTicks ticks = new ArchivedTicks(request, previous, there)) {
                    Survey survey = ticks.survey(yesterday, yesterday);
                    return survey.trail().isEmpty()
                            ? Edge.UNKNOWN
                            : new Edge(survey.trail().lastId(), survey.trail().lastMicros());
                }
            }
            return Edge.UNKNOWN;
        } catch (Unavailable | HttpRefused | Corrupt silent) {
            return Edge.UNKNOWN;
        }
    }

    private Edge first(TickFile file, byte[] lines) {
        try (TickCsv csv = TickCsv.open(
                request.kind(), request.market(), request.series(), new ByteArrayInputStream(lines), file.toString())) {
            dev.candlewick.@Nullable Batch rows = csv.next();
            if (rows == null || !csv.quarantined().isEmpty()) {
                return Edge.UNKNOWN; // rows out of order: the first number may lie anywhere
            }
            Edge least = Edge.UNKNOWN;
            for (int row = rows.firstRowFrom(file.period().startMicros()); row < rows.rows(); row++) {
                long id = rows.longs(TickCsv.NUMBER).value(row);
                if (!least.isKnown() || id < least.id()) {
                    least = new Edge(id, rows.times().epochMicros(row));
                }
            }
            return least;
        }
    }

    /** The whole lines that the first bytes of a zip unpack to. */
    private static byte[] lines(byte[] zip) {
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        try (ZipInputStream unpacked = new ZipInputStream(new ByteArrayInputStream(zip))) {
            if (unpacked.getNextEntry() != null) {
                byte[] buffer = new byte[8 << 10];
                for (int read = unpacked.read(buffer);
                        read >= 0 && csv.size() < LARGEST_HEAD;
                        read = unpacked.read(buffer)) {
                    csv.write(buffer, 0, read);
                }
            }
        } catch (EOFException | ZipException cut) {
            // The head ends in the middle; what was unpacked so far is what it tells.
        } catch (IOException impossible) {
            throw new Unavailable("The head of a file cannot be unpacked: " + impossible.getMessage(), impossible);
        }
        byte[] all = csv.toByteArray();
        int end = all.length;
        while (end > 0 && all[end - 1] != '\n') {
            end--;
        }
        return java.util.Arrays.copyOf(all, end);
    }
}
