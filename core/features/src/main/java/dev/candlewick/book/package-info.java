/** Order books rebuilt from their changes. */
@NullMarked
package dev.candlewick.book;

import org.jspecify.annotations.NullMarked;
