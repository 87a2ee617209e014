package dev.candlewick.feature;

import dev.candlewick.Field;

/**
 * One column of features, and all that a reader should know of it.
 *
 * @param field its name and type
 * @param unit the unit of its values
 * @param formula how it is worked out, in words and signs
 * @param absent when a row has no value
 * @param source where the definition is from; empty for plain counting
 * @param law how longer intervals follow from shorter ones
 */
public record FeatureColumn(Field field, String unit, String formula, String absent, String source, FeatureLaw law) {

    /** Text for a column of 64-bit floating point that may be absent. */
    static FeatureColumn number(
            String name, String unit, String formula, String absent, String source, FeatureLaw law) {
        return new FeatureColumn(Field.float64(name).orNull(), unit, formula, absent, source, law);
    }

    /** Text for an exact amount of twelve places that every row has. */
    static FeatureColumn amount(String name, String unit, String formula, FeatureLaw law) {
        return new FeatureColumn(Field.decimal(name, 38, 12), unit, formula, "never", "", law);
    }

    /** Text for an exact price or amount of twelve places that may be absent. */
    static FeatureColumn traded(String name, String unit, String formula, String absent, FeatureLaw law) {
        return new FeatureColumn(Field.decimal(name, 38, 12).orNull(), unit, formula, absent, "", law);
    }

    /** Text for a count that every row has. */
    static FeatureColumn count(String name, String formula, FeatureLaw law) {
        return new FeatureColumn(Field.int64(name), "count", formula, "never", "", law);
    }
}
