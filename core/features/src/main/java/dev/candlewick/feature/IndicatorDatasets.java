package dev.candlewick.feature;

import dev.candlewick.Dataset;
import dev.candlewick.Interval;
import dev.candlewick.spi.DatasetProvider;
import java.util.List;
import java.util.Optional;

/** Knows the sets of indicators, {@code features:options:INTERVAL} and {@code features:book:INTERVAL} by name. */
public final class IndicatorDatasets implements DatasetProvider {

    private static final String FEATURES = "features:";

    /** For the service loader. */
    public IndicatorDatasets() {}

    @Override
    public Optional<Dataset> dataset(String name) {
        for (IndicatorSet set : List.of(IndicatorSet.MFT, IndicatorSet.LIVE)) {
            String prefix = FEATURES + set.name() + ":";
            if (name.startsWith(prefix)) {
                return Optional.of(set.dataset(Interval.parse(name.substring(prefix.length()))));
            }
        }
        if (name.startsWith(BookStates.PREFIX)) {
            return Optional.of(BookStates.dataset(Interval.parse(name.substring(BookStates.PREFIX.length()))));
        }
        return name.startsWith(OptionFeatures.PREFIX)
                ? Optional.of(OptionFeatures.dataset(Interval.parse(name.substring(OptionFeatures.PREFIX.length()))))
                : Optional.empty();
    }

    @Override
    public List<String> forms() {
        return List.of(
                "features:mft:INTERVAL",
                "features:live:INTERVAL",
                "features:options:INTERVAL",
                BookStates.PREFIX + "INTERVAL");
    }
}
