/** What is traded where: names, attributes and units of instruments. */
@NullMarked
package dev.candlewick.instrument;

import org.jspecify.annotations.NullMarked;
