package dev.candlewick.source.binance;

import dev.candlewick.TimeRange;
import java.util.List;

/**
 * A stretch of grid slots, and the ways to get it in the order they are tried: what one leaves missing is asked from the
 * next.
 */
record Piece(TimeRange range, List<Route> routes) {}
