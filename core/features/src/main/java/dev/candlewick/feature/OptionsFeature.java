package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import java.util.List;

/** What the underlying's options said at the end of the bucket. */
final class OptionsFeature extends Feature {

    @Override
    List<FeatureColumn> columns() {
        String none = "no options asked for, or none usable";
        return List.of(
                number(
                        "atm_mark_iv",
                        "fraction a year",
                        "volatility of the call of the nearest expiry whose delta is nearest 0.50",
                        none,
                        "",
                        FeatureLaw.STATE),
                number(
                        "skew_25d_put_call_ratio",
                        "1",
                        "volatility of the put nearest delta −0.25 / that of the call nearest 0.25",
                        none,
                        "",
                        FeatureLaw.STATE));
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        row.number(bucket.atmMarkIv);
        row.number(bucket.skew);
    }
}
