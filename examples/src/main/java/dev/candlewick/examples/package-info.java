/** The commands behind the launcher {@code candlewick}: a thin face over the library, and an example of how to use it. */
@NullMarked
package dev.candlewick.examples;

import org.jspecify.annotations.NullMarked;
