/** For those who write sources and stores: the parts every one of them needs, so that all behave alike. */
@NullMarked
package dev.candlewick.spi;

import org.jspecify.annotations.NullMarked;
