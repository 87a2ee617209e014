/**
 * The nouns of Candlewick: who and what ({@link dev.candlewick.Subject}, {@link dev.candlewick.Dataset}, {@link
 * dev.candlewick.Series}), when ({@link dev.candlewick.TimeRange}), the rows ({@link dev.candlewick.Batch}), where they
 * come from and go to ({@link dev.candlewick.Source}, {@link dev.candlewick.Store}), and what is known of their
 * completeness ({@link dev.candlewick.Coverage}, {@link dev.candlewick.Gap}).
 */
@NullMarked
package dev.candlewick;

import org.jspecify.annotations.NullMarked;
