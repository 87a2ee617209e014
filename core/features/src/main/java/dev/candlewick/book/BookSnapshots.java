package dev.candlewick.book;

import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The best levels of order books ({@code book:5}, {@code book:25}, any {@code book:N}, and {@code quotes}), made of the
 * level changes ({@code book:l2}) of another source: a row after each message that changed one of them.
 *
 * <pre>{@code
 * BookSnapshots.over(store).read(Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/book:5"), TimeRange.day("2024-08-08"))
 * }</pre>
 *
 * <p>Messages are applied by the rules of {@link BookReplay}. Each UTC day begins with the day's own first snapshot, so a row
 * does not depend on the range that is read; reading from the middle of a day reads that day's changes from midnight.
 *
 * <p>A book is unknown from midnight, a gap of the changes, a disconnect or, on request, a long silence until the next
 * snapshot. No rows are given there; the {@link dev.candlewick.Provenance} lists the stretch as a gap with the reason. A
 * snapshot in the midst of changes says that the recorder had been away: the stretch between the message before and the
 * snapshot is such a gap too. A {@link Store} tells its gaps beforehand; any other source is believed as it tells them at
 * its end, and a book that lived through one without a new snapshot cannot be told from a sound one.
 *
 * <p>Safe for many threads; the source stays open.
 */
public final class BookSnapshots implements Source {

    private static final Pattern LEVELS = Pattern.compile("book:([1-9][0-9]{0,2})");

    private final Source source;
    private final Optional<Duration> silence;

    private BookSnapshots(Source source, Optional<Duration> silence) {
        this.source = source;
        this.silence = silence;
    }

    /** Books made of the level changes of a source. */
    public static BookSnapshots over(Source source) {
        Objects.requireNonNull(source, "source");
        return new BookSnapshots(source, Optional.empty());
    }

    /**
     * The same, but a book of which no change arrived for longer than this is unknown until its next snapshot. For busy
     * books only: a quiet one is silent without anything being wrong, so there is no such bound unless it is asked for.
     */
    public BookSnapshots resetAfterSilence(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("A silence lasts, so it cannot be " + longest);
        }
        return new BookSnapshots(source, Optional.of(longest));
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return levels(series.dataset()).isPresent() && source.serves(changes(series));
    }

    @Override
    public String refusal(Series series) {
        return levels(series.dataset()).isPresent()
                ? source.refusal(changes(series))
                : "Level changes give books such as " + series.subject() + "/book:5 or " + series.subject()
                        + "/quotes, not " + series;
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        int levels = levels(series.dataset()).orElseThrow(() -> new Refused(refusal(series)));
        TimeRange read = fromMidnight(range);
        List<Gap> known = source instanceof Store store
                ? store.coverage(changes(series), read).gaps()
                : List.of();
        return SnapshotRows.read(source.read(changes(series), read), series, range, levels, known, silence);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        return source.estimate(changes(series), fromMidnight(range));
    }

    @Override
    public String toString() {
        return "Books made of level changes of " + source.name();
    }

    private static Series changes(Series series) {
        return series.with(Dataset.BOOK_CHANGES);
    }

    private static OptionalInt levels(Dataset dataset) {
        if (dataset.equals(Dataset.QUOTES)) {
            return OptionalInt.of(1);
        }
        Matcher levels = LEVELS.matcher(dataset.name());
        return levels.matches() ? OptionalInt.of(Integer.parseInt(levels.group(1))) : OptionalInt.empty();
    }

    private static TimeRange fromMidnight(TimeRange range) {
        Instant midnight = range.start()
                .atZone(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.DAYS)
                .toInstant();
        return TimeRange.of(midnight, range.end());
    }
}
