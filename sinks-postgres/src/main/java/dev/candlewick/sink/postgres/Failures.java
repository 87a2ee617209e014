package dev.candlewick.sink.postgres;

import dev.candlewick.Cancelled;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** What went wrong, in this library's words: who can do something about it, and what. */
final class Failures {

    /** Of a data source that gave no connection; the state is our own. */
    static final String NO_CONNECTION = "CWPOO";

    static final String UNDEFINED_TABLE = "42P01";
    static final String UNDEFINED_SCHEMA = "3F000";

    private static final Set<String> TRANSIENT = Set.of("40001", "40P01");
    private static final Set<String> REFUSALS = Set.of("0A", "22", "42");
    private static final int MOST_CHARACTERS = 600;
    private static final int MOST_OF_A_NAME = 240;

    private final String place;
    private final String user;
    private final Set<String> secrets;

    /** For a place whose secrets, those that are known, are in none of the messages. */
    Failures(String place, String user, Set<String> secrets) {
        this.place = place;
        this.user = user;
        this.secrets = Set.copyOf(secrets);
    }

    /** Whether the server undid the work only because others worked at the same time. */
    static boolean isTransient(SQLException failure) {
        return TRANSIENT.contains(state(failure));
    }

    /** Whether a failed COMMIT may have happened all the same: the answer was lost, not a refusal. */
    static boolean isAnswerLost(SQLException failure) {
        String state = state(failure);
        return state.isEmpty()
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("XX")
                || state.startsWith("58")
                || state.equals("99999");
    }

    /** Whether a table has no partition for a row, or rows break a rule of it. */
    static boolean hasNoPartition(SQLException failure) {
        return state(failure).equals("23514");
    }

    static String state(SQLException failure) {
        return Optional.ofNullable(failure.getSQLState()).orElse("");
    }

    /** The exception for a failed statement. */
    MarketDataException of(String doing, SQLException failure) {
        String at = doing + " at " + place;
        if (Thread.currentThread().isInterrupted()) {
            return new Cancelled(at + " was interrupted; nothing of the unit in work was committed", clean(failure));
        }
        String state = state(failure);
        String said = " (" + said(failure) + ")";
        return switch (state) {
            case "28P01", "28000", "08004" ->
                new Refused(
                        at + " was refused: the server does not let user '" + user + "' in with the password given"
                                + said + ". Check user and password in the address, or PGUSER and PGPASSWORD",
                        clean(failure));
            case "3D000" ->
                new Refused(
                        at + " was refused: there is no such database" + said
                                + ". Create it with CREATE DATABASE, or correct the address",
                        clean(failure));
            case "42501" ->
                new Refused(
                        at + " was refused: user '" + user + "' may not do that" + said
                                + ". Grant USAGE on the schema and SELECT, INSERT, UPDATE, DELETE on its tables; to create"
                                + " tables also CREATE on the schema, to create the schema CREATE on the database",
                        clean(failure));
            case "25006" ->
                new Refused(
                        at + " was refused: this server or user only reads" + said
                                + ". Write to the primary, or with a user without default_transaction_read_only",
                        clean(failure));
            case UNDEFINED_TABLE, UNDEFINED_SCHEMA ->
                new Refused(
                        at + " was refused: a table of the store is gone" + said
                                + ". Let the store create its tables, or run its CREATE statements",
                        clean(failure));
            case "53100" ->
                new Unavailable(
                        at + " failed: the server's disk is full" + said
                                + ". What was stored before stands; make room, then run again",
                        clean(failure));
            case NO_CONNECTION ->
                new Unavailable(
                        at + " failed: no connection was free in time" + said
                                + ". Every open cursor and every commit in progress uses one: close cursors, let the pool"
                                + " have more connections, or run again",
                        clean(failure));
            case "53300", "53400" ->
                new Unavailable(
                        at + " failed: the server has no connection left" + said
                                + ". Run fewer workers, raise max_connections, or run again later",
                        clean(failure));
            case "55P03" ->
                new Unavailable(
                        at + " failed: others held the lock for longer than the lock timeout" + said
                                + ". What was stored before stands; run again",
                        clean(failure));
            case "57014" ->
                new Unavailable(
                        at + " failed: the statement took longer than the statement timeout, or was cancelled" + said
                                + ". What was stored before stands; run again, with a longer timeout if the unit is large",
                        clean(failure));
            case "25P03" ->
                new Unavailable(
                        at + " failed: nothing was asked of the server for longer than the idle timeout" + said
                                + ". Run again",
                        clean(failure));
            case "23505" ->
                new Unavailable(
                        at + " failed: somebody without Candlewick wrote rows of the same key meanwhile" + said
                                + ". What was stored before stands; run again",
                        clean(failure));
            default -> other(at, state, said, failure);
        };
    }

    private MarketDataException other(String at, String state, String said, SQLException failure) {
        if (state.startsWith("23")) {
            return new Refused(
                    at + " was refused: the rows break a rule that somebody gave the table, or it has no partition for"
                            + " them" + said + ". What was stored before stands; change the table",
                    clean(failure));
        }
        if (state.startsWith("54")) {
            return new Refused(
                    at + " was refused: it is more than the server can hold in one row, name or table" + said
                            + ". What was stored before stands; use fewer columns or shorter texts",
                    clean(failure));
        }
        if (REFUSALS.contains(state.substring(0, Math.min(2, state.length())))) {
            return new Refused(at + " was refused" + said + ". What was stored before stands", clean(failure));
        }
        if (state.startsWith("08") || state.startsWith("57P") || state.isEmpty()) {
            return new Unavailable(
                    at + " failed: the server went away or did not answer" + said
                            + ". What was stored before stands; is the server there? Run again",
                    clean(failure));
        }
        return new Unavailable(at + " failed" + said + ". What was stored before stands; run again", clean(failure));
    }

    /** A name as messages show it: one of thousands of characters is cut in its middle. */
    static String shown(Object named) {
        return shown(named, MOST_OF_A_NAME);
    }

    static String shown(Object named, int most) {
        String text = named.toString();
        int end = most / 4;
        return text.length() <= most ? text : text.substring(0, most - end) + "…" + text.substring(text.length() - end);
    }

    /** What the server said in one line, without the password. */
    String said(SQLException failure) {
        String message = Optional.ofNullable(failure.getMessage()).orElse("no reason given");
        String line = redacted(message).replaceAll("\\s+", " ").strip();
        String cut = line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
        String state = state(failure);
        return state.isEmpty() || state.equals(NO_CONNECTION) ? cut : cut + ", SQLSTATE " + state;
    }

    private String redacted(String text) {
        String redacted = text;
        for (String secret : secrets) {
            redacted = redacted.replace(secret, "***");
        }
        return redacted;
    }

    // An exception of the driver may carry anything it was given; as a cause it would be printed as it is.
    Throwable clean(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (!message.equals(redacted(message))) {
                RuntimeException shown = new RuntimeException(said(failure));
                shown.setStackTrace(failure.getStackTrace());
                return shown;
            }
        }
        return failure;
    }
}
