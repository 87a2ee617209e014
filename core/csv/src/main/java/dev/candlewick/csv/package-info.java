/** Rows of comma-separated text into columns: shared by sources, not user API. */
@NullMarked
package dev.candlewick.csv;

import org.jspecify.annotations.NullMarked;
