/** Servers on this machine that speak the protocols of Google Cloud. */
@NullMarked
package dev.candlewick.sink.gcp.testing;

import org.jspecify.annotations.NullMarked;
