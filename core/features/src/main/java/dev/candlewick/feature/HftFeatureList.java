package dev.candlewick.feature;

import java.util.List;

/** Every feature of {@code features:hft}, in the order of its columns. A new one is a class and a line here. */
final class HftFeatureList {

    private HftFeatureList() {}

    static List<Feature> of(HftSettings settings) {
        return List.of(
                new CandleFeature(),
                new SidesFeature(),
                new AveragesFeature(),
                new ArrivalFeature(),
                new RealizedFeature(settings.annualized()),
                new KyleFeature(),
                new RollFeature(),
                new AmihudFeature(),
                new EffectiveSpreadFeature(settings.realizedSpreadAfter().isPresent()),
                vpin(settings),
                new TopFeature(),
                new DepthFeature(settings.bookLevels()),
                new DistanceFeature(settings.bookLevels()),
                new OrderFlowFeature(settings.bookLevels()),
                new TimeWeightedSpreadFeature(),
                new DerivativeFeature(settings.carriesTicker(), settings.multiplier(), settings.isInverse()),
                new OptionsFeature());
    }

    private static Feature vpin(HftSettings settings) {
        return settings.vpinBar()
                .<Feature>map(bar -> new BulkVpinFeature(settings.vpinVolume(), bar))
                .orElseGet(() -> new VpinFeature(settings.vpinVolume()));
    }
}
