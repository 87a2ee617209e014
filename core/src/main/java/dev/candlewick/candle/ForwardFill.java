package dev.candlewick.candle;

import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.util.Objects;
import java.util.Optional;

/**
 * Candles without holes, at read time only: a missing slot repeats the last close with zero volume and says
 * {@code filled}. Nothing filled can be stored.
 *
 * <p>Asked for {@code candles:1m} or {@code candles:1m:filled}, it gives rows of {@code candles:1m:filled}. Its provenance
 * lists every gap as before, so filled candles never look published. Filled are slots between stored candles, and after
 * the last one those whose absence is proven. Never filled is what lies before the first candle, before a listing, after
 * a delisting, and what is not published yet; the last close is not carried over a time without listing.
 *
 * <p>Over a store, or over a {@link Resample} of one, the ledger tells beforehand what is missing and why, and the last
 * close before the range is carried into it. Any other source can only be asked for its rows: then filled are the slots
 * between its rows and, after the last one, those that its provenance proves absent.
 *
 * <p>Safe for many threads; the store stays open.
 */
public final class ForwardFill implements Source {

    private final Source source;
    private final Optional<Ledgers> ledgers;

    private ForwardFill(Source source, Optional<Ledgers> ledgers) {
        this.source = source;
        this.ledgers = ledgers;
    }

    /** Filled candles of a source: a store, a {@link Resample} over one, or any other. */
    public static ForwardFill over(Source source) {
        Objects.requireNonNull(source, "source");
        if (source instanceof Store store) {
            return new ForwardFill(source, Optional.of(store::coverage));
        }
        return new ForwardFill(source, source instanceof Resample resample ? resample.ledgers() : Optional.empty());
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return isCandles(series) && source.serves(plain(series));
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        if (!isCandles(series)) {
            throw new Refused(series + " holds no candles; only candles are filled forward");
        }
        Series plain = plain(series);
        FilledCandles candles = ledgers.isPresent()
                ? FilledCandles.knowing(ledgers.get(), source, plain, range)
                : FilledCandles.unknowing(plain, range);
        Batches rows = source.read(plain, range);
        return Batches.of(
                series.with(plain.dataset().filled()), range, candles.over(rows), candles::provenance, rows::close);
    }

    @Override
    public String toString() {
        return "Filled candles of " + source.name();
    }

    private static boolean isCandles(Series series) {
        return series.schema().fields().containsAll(Schema.CANDLES.fields())
                && series.dataset().interval().isPresent();
    }

    /** The series as it is without filled rows. */
    static Series plain(Series series) {
        String name = series.dataset().name();
        return series.dataset().isFilled()
                ? series.with(Dataset.parse(name.substring(0, name.length() - ":filled".length())))
                : series;
    }
}
