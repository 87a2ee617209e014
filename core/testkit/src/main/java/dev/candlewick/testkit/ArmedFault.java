package dev.candlewick.testkit;

import dev.candlewick.testkit.TcpFault.Action;
import dev.candlewick.testkit.TcpFault.Direction;
import dev.candlewick.testkit.TcpFault.Place;

/** A fault and how far the data it watches has come. One connection's, or shared by all. Safe for many threads. */
final class ArmedFault {

    /** What is to be done with a piece of data: let some bytes pass, then act. */
    record Verdict(int pass, Action action) {}

    private final TcpFault fault;
    private long requestBytes;
    private long responseBytes;
    private int exchanges;
    private boolean struck;

    ArmedFault(TcpFault fault) {
        this.fault = fault;
    }

    TcpFault fault() {
        return fault;
    }

    synchronized boolean struck() {
        return struck;
    }

    synchronized Verdict judge(Direction direction, int length, boolean opensExchange) {
        long before = direction == Direction.REQUEST ? requestBytes : responseBytes;
        if (direction == Direction.REQUEST) {
            requestBytes += length;
        } else {
            responseBytes += length;
        }
        if (opensExchange) {
            exchanges++;
        }
        if (fault.place() == Place.EVERYWHERE) {
            struck |= fault.action() != Action.NOTHING;
            return new Verdict(length, fault.action());
        }
        if (struck || direction != fault.direction()) {
            return new Verdict(length, Action.NOTHING);
        }
        if (fault.place() == Place.EXCHANGE) {
            struck = opensExchange && exchanges == fault.amount();
            return struck
                    ? new Verdict(fault.action() == Action.DROP_REPLY ? length : 0, fault.action())
                    : new Verdict(length, Action.NOTHING);
        }
        struck = before + length >= fault.amount();
        return struck
                ? new Verdict((int) (fault.amount() - before), fault.action())
                : new Verdict(length, Action.NOTHING);
    }
}
