package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** How one-sided the last fifty equal volumes were, by the takers' sides. */
final class VpinFeature extends Feature {

    // None where nobody asked for a size: the column then stays empty, since a size depends on how much is traded in a
    // day.
    private final Optional<VpinVolumes> volumes;

    VpinFeature(Optional<BigDecimal> bucketVolume) {
        this.volumes = bucketVolume.map(VpinVolumes::new);
    }

    /** The column, whether takers or changes of the price say what was bought. */
    static FeatureColumn column() {
        return number(
                "vpin_50",
                "0 to 1",
                "Σ |bought − sold| of the last 50 volumes of the size V that was asked for, divided by 50 V; trades are"
                        + " split where volumes meet, those of unknown side left out. In bulk: the volume of each bar of"
                        + " time that was asked for is bought by the share Φ(ΔP/σ), ΔP being the change of the close"
                        + " since the bar before and σ the standard deviation (divided by n − 1) of the last 60 changes",
                "no V asked for, or fewer than 50 volumes since the state began",
                "Easley, López de Prado, O'Hara 2012, with the takers' sides unless bulk classification is asked for",
                FeatureLaw.STATE);
    }

    @Override
    List<FeatureColumn> columns() {
        return List.of(column());
    }

    @Override
    void trade(Bucket bucket, TradeTick trade) {
        if (volumes.isPresent() && trade.side != 0) {
            volumes.get().add(trade.amountHigh, trade.amountLow, trade.side);
        }
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        row.number(volumes.isPresent() ? volumes.get().value() : Double.NaN);
    }
}
