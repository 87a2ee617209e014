package dev.candlewick.testkit;

import java.time.Duration;

/**
 * What goes wrong on a connection through a {@link TcpProxy}. Immutable.
 *
 * <p>Bytes are counted from where the fault was armed, in one direction: the request is what the client sends, the response
 * what the server sends. An exchange is a request and its response: the first begins with the first byte of a request,
 * each further one with the first byte of a request after a response. Exchanges are counted from 1.
 */
public final class TcpFault {

    enum Direction {
        REQUEST,
        RESPONSE
    }

    enum Action {
        NOTHING,
        DELAY,
        RATE,
        RESET,
        HALF_CLOSE,
        STALL,
        CHOKE,
        BLACK_HOLE,
        CORRUPT,
        DROP_REPLY
    }

    enum Place {
        EVERYWHERE,
        BYTE,
        EXCHANGE
    }

    private final String text;
    private final Action action;
    private final Place place;
    private final Direction direction;
    private final long amount;

    private TcpFault(String text, Action action, Place place, Direction direction, long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("Cannot " + text + ": the number is negative");
        }
        this.text = text;
        this.action = action;
        this.place = place;
        this.direction = direction;
        this.amount = amount;
    }

    /** Nothing goes wrong. */
    public static TcpFault none() {
        return everywhere("pass everything", Action.NOTHING, 0);
    }

    /** Every piece of data arrives this much later, in both directions. */
    public static TcpFault delay(Duration delay) {
        return everywhere("delay by " + delay, Action.DELAY, delay.toNanos());
    }

    /** Data dribbles at no more than this many bytes per second in each direction. */
    public static TcpFault rate(int bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("A rate of " + bytesPerSecond + " bytes per second delivers nothing");
        }
        return everywhere("deliver " + bytesPerSecond + " bytes per second", Action.RATE, bytesPerSecond);
    }

    /** Connections are accepted, whatever the client sends is read, and nothing ever comes back; the server sees nothing. */
    public static TcpFault blackHole() {
        return everywhere("swallow everything", Action.BLACK_HOLE, 0);
    }

    /** The server gets {@code bytes} of the request, then both sides see a reset. */
    public static TcpFault resetAfterRequestBytes(long bytes) {
        return atByte("reset after " + bytes + " request bytes", Action.RESET, Direction.REQUEST, bytes);
    }

    /** The client gets up to {@code bytes} of the response, then both sides see a reset. */
    public static TcpFault resetAfterResponseBytes(long bytes) {
        return atByte("reset after " + bytes + " response bytes", Action.RESET, Direction.RESPONSE, bytes);
    }

    /** Both sides see a reset in place of the request of an exchange. */
    public static TcpFault resetBeforeExchange(int exchange) {
        return atExchange("reset before exchange " + exchange, Action.RESET, exchange);
    }

    /** The server sees the request end after {@code bytes}; its response still arrives. */
    public static TcpFault halfCloseAfterRequestBytes(long bytes) {
        return atByte("end the request after " + bytes + " bytes", Action.HALF_CLOSE, Direction.REQUEST, bytes);
    }

    /** The client sees the response end in good order after {@code bytes}; what it sends still arrives. */
    public static TcpFault halfCloseAfterResponseBytes(long bytes) {
        return atByte("end the response after " + bytes + " bytes", Action.HALF_CLOSE, Direction.RESPONSE, bytes);
    }

    /** The server gets {@code bytes} of the request, then nothing moves until {@link TcpProxy#release}; nothing is lost. */
    public static TcpFault stallAfterRequestBytes(long bytes) {
        return atByte("stall after " + bytes + " request bytes", Action.STALL, Direction.REQUEST, bytes);
    }

    /**
     * The server gets {@code bytes} of the request, then nothing more is even read, so that the client's writing blocks,
     * until {@link TcpProxy#release}.
     */
    public static TcpFault chokeAfterRequestBytes(long bytes) {
        return atByte("choke after " + bytes + " request bytes", Action.CHOKE, Direction.REQUEST, bytes);
    }

    /** The client gets {@code bytes} of the response, then nothing moves until {@link TcpProxy#release}; nothing is lost. */
    public static TcpFault stallAfterResponseBytes(long bytes) {
        return atByte("stall after " + bytes + " response bytes", Action.STALL, Direction.RESPONSE, bytes);
    }

    /** The request of an exchange waits for {@link TcpProxy#release}, and arrives then even if the client has gone. */
    public static TcpFault stallBeforeExchange(int exchange) {
        return atExchange("stall before exchange " + exchange, Action.STALL, exchange);
    }

    /** All bits of one byte of the request, counted from 0, are turned over. */
    public static TcpFault corruptRequestByte(long index) {
        return atByte("corrupt request byte " + index, Action.CORRUPT, Direction.REQUEST, index + 1);
    }

    /** All bits of one byte of the response, counted from 0, are turned over. */
    public static TcpFault corruptResponseByte(long index) {
        return atByte("corrupt response byte " + index, Action.CORRUPT, Direction.RESPONSE, index + 1);
    }

    /**
     * The server gets {@code bytes} of the request and time to answer; the client sees a reset in place of the answer. A
     * server that does not answer within half a second, having too little of the request, is not waited for.
     */
    public static TcpFault dropReplyAfterRequestBytes(long bytes) {
        return atByte("drop the reply to " + bytes + " request bytes", Action.DROP_REPLY, Direction.REQUEST, bytes);
    }

    /** The server gets the whole request of an exchange and answers; the client sees a reset in place of the answer. */
    public static TcpFault dropReplyOfExchange(int exchange) {
        return atExchange("drop the reply of exchange " + exchange, Action.DROP_REPLY, exchange);
    }

    private static TcpFault everywhere(String text, Action action, long amount) {
        return new TcpFault(text, action, Place.EVERYWHERE, Direction.REQUEST, amount);
    }

    private static TcpFault atByte(String text, Action action, Direction direction, long bytes) {
        return new TcpFault(text, action, Place.BYTE, direction, bytes);
    }

    private static TcpFault atExchange(String text, Action action, int exchange) {
        if (exchange < 1) {
            throw new IllegalArgumentException("Cannot " + text + ": exchanges are counted from 1");
        }
        return new TcpFault(text, action, Place.EXCHANGE, Direction.REQUEST, exchange);
    }

    Action action() {
        return action;
    }

    Place place() {
        return place;
    }

    Direction direction() {
        return direction;
    }

    /** Bytes, nanoseconds, bytes per second or the number of an exchange. */
    long amount() {
        return amount;
    }

    @Override
    public String toString() {
        return text;
    }
}
