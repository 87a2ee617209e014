package dev.candlewick.feature;

import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Features of trades, books, derivatives and liquidations: a {@link Source} of {@code features:hft:INTERVAL} over a source of
 * their ticks. {@code docs/reference/features.md} explains every column.
 *
 * <pre>{@code
 * HftFeatures.over(store).read(
 *         Series.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN/features:hft:15s"), TimeRange.day("2024-01-01"))
 * }</pre>
 *
 * <p>Reads trades, and of the same subject what the source has of {@code book:5}, {@code derivative_ticker} and
 * {@code liquidations}: columns of a feed that is not there at all are empty, and rows wait for one that is still to come. A row uses only what happened before the end of its
 * bucket; {@code available_at} says when all of that had arrived. Each UTC day is worked out from the
 * {@linkplain HftSettings.Builder#history history} before it on, or in an idle market from the last day
 * {@linkplain HftSettings.Builder#lookBackDays with a trade}, so that a row is the same whichever range it is read with, and
 * the same as {@link HftEngine} gives live from the same ticks.
 *
 * <p>Buckets of which trades were not there to read are not given, and listed as gaps with the source's reason, which for
 * other feeds names the feed; those without a row because nothing was traded as {@code confirmed_empty}. A day's rows are held until all of its ticks have been read.
 * Safe for many threads; the source stays open.
 */
public final class HftFeatures implements Source {

    private final Source source;
    private final HftSettings settings;

    private final Optional<Surfaces.Origin> options;

    private HftFeatures(Source source, HftSettings settings, Optional<Surfaces.Origin> options) {
        this.source = source;
        this.settings = settings;
        this.options = options;
    }

    /** Features with default settings. */
    public static HftFeatures over(Source ticks) {
        return over(ticks, HftSettings.defaults());
    }

    /** Features of the ticks that a source has. */
    public static HftFeatures over(Source ticks, HftSettings settings) {
        return new HftFeatures(
                Objects.requireNonNull(ticks, "ticks"), Objects.requireNonNull(settings, "settings"), Optional.empty());
    }

    /**
     * The same with {@code atm_mark_iv} and {@code skew_25d_put_call_ratio} of an underlying's options. Buckets whose
     * surfaces are still to come wait for them, unless the settings accept missing feeds.
     *
     * @param surfaces a source of {@code features:options:INTERVAL}, made of an options chain, or a store of them
     * @param underlying whose options, such as {@code DERIBIT:UNDERLYING:BTC}
     */
    public HftFeatures withOptions(Source surfaces, Subject underlying) {
        return new HftFeatures(source, settings, Optional.of(new Surfaces.Origin(surfaces, underlying)));
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return isFeatures(series) && source.serves(series.with(Dataset.TRADES));
    }

    @Override
    public String refusal(Series series) {
        return isFeatures(series) ? source.refusal(series.with(Dataset.TRADES)) : noFeatures(series);
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        if (!isFeatures(series)) {
            throw new Refused(noFeatures(series));
        }
        Optional<TimeRange> slots = series.cadence().slots(range);
        if (slots.isEmpty()) {
            return Batches.of(series, range, List.of(), Provenance.none());
        }
        HftDays days = new HftDays(source, series, slots.get(), settings, options);
        return Batches.of(series, range, days, days::provenance, days::close);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        if (!isFeatures(series)) {
            return Estimate.unknown();
        }
        return series.cadence()
                .slots(range)
                .map(slots ->
                        RowsByDay.estimate(slots, part -> HftDays.estimate(source, series, part, settings, options)))
                .orElse(Estimate.unknown());
    }

    @Override
    public String toString() {
        return "Features made of ticks of " + source.name();
    }

    private static boolean isFeatures(Series series) {
        return series.schema().equals(HftDatasets.schema());
    }

    private static String noFeatures(Series series) {
        return series + " holds no features of ticks; these are, for example " + series.subject() + "/"
                + HftDatasets.PREFIX + "15s";
    }
}
