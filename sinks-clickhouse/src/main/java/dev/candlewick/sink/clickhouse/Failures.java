package dev.candlewick.sink.clickhouse;

import com.clickhouse.client.api.ClickHouseException;
import com.clickhouse.client.api.ClientMisconfigurationException;
import com.clickhouse.client.api.ServerException;
import dev.candlewick.Cancelled;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What became wrong, in this library's words: who can do something about it, and what. */
final class Failures {

    static final int UNKNOWN_TABLE = 60;
    static final int UNKNOWN_DATABASE = 81;
    static final int TABLE_EXISTS = 57;
    static final int TIMEOUT = 159;
    static final int READ_ONLY = 164;
    static final int MEMORY_LIMIT = 241;
    static final int TABLE_READ_ONLY = 242;
    static final int NO_SPACE = 243;
    static final int TOO_MANY_PARTS = 252;
    static final int CANCELLED = 394;
    static final int ACCESS_DENIED = 497;
    static final int AUTHENTICATION = 516;
    static final int UNKNOWN_USER = 192;
    static final int WRONG_PASSWORD = 193;
    static final int REQUIRED_PASSWORD = 194;
    static final int NOT_FOUND_COLUMN = 10;
    static final int NO_SUCH_COLUMN = 16;
    static final int ILLEGAL_COLUMN = 44;
    static final int UNKNOWN_IDENTIFIER = 47;
    static final int TYPE_MISMATCH = 53;
    static final int CANNOT_CONVERT_TYPE = 70;
    static final int CANNOT_PARSE_NUMBER = 72;

    private static final Set<Integer> ABOUT_SHAPE = Set.of(
            NOT_FOUND_COLUMN,
            NO_SUCH_COLUMN,
            ILLEGAL_COLUMN,
            UNKNOWN_IDENTIFIER,
            TYPE_MISMATCH,
            UNKNOWN_TABLE,
            CANNOT_CONVERT_TYPE,
            CANNOT_PARSE_NUMBER);
    static final int TOO_MANY_QUERIES = 202;

    private static final int MOST_CHARACTERS = 600;

    private final Address address;

    Failures(Address address) {
        this.address = address;
    }

    /** The exception for a failed request. */
    MarketDataException of(String doing, Throwable failure) {
        String at = cut(doing) + " at clickhouse:" + address;
        if (Thread.currentThread().isInterrupted()) {
            return new Cancelled(at + " was interrupted", clean(failure));
        }
        Optional<ServerException> server = server(failure);
        if (server.isPresent()) {
            return of(at, server.get());
        }
        if (find(failure, ClientMisconfigurationException.class).isPresent()) {
            return new Refused(at + " cannot work: " + said(failure), clean(failure));
        }
        String unheard = at + " failed: " + said(failure) + ". Is the server there, and is " + address.endpoint()
                + " its HTTP port? Run again";
        return find(failure, SocketTimeoutException.class).isPresent()
                ? new Silent(unheard, clean(failure))
                : new Unavailable(unheard, clean(failure));
    }

    private MarketDataException of(String at, ServerException failure) {
        String said = " failed: " + said(failure);
        return switch (failure.getCode()) {
            case AUTHENTICATION, UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD ->
                new Refused(
                        at + " was refused: the server does not know user '" + address.user()
                                + "' with the password given. Check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD, or the credentials of the store",
                        clean(failure));
            case ACCESS_DENIED, READ_ONLY ->
                new Refused(
                        at + " was refused: user '" + address.user() + "' may not do that" + why(failure)
                                + ". Grant it SELECT, INSERT, CREATE TABLE, CREATE VIEW, ALTER DELETE and ALTER UPDATE on the database, or only read",
                        clean(failure));
            case UNKNOWN_DATABASE ->
                new Refused(
                        at + " was refused: there is no database '" + address.database()
                                + "'. Create it, or let the store create its tables",
                        clean(failure));
            case NOT_FOUND_COLUMN,
                    NO_SUCH_COLUMN,
                    ILLEGAL_COLUMN,
                    UNKNOWN_IDENTIFIER,
                    TYPE_MISMATCH,
                    UNKNOWN_TABLE,
                    CANNOT_CONVERT_TYPE,
                    CANNOT_PARSE_NUMBER ->
                new Refused(
                        at + " was refused: the tables are not what they were made as" + why(failure)
                                + ". Restore them, or use another database",
                        clean(failure));
            case TOO_MANY_PARTS ->
                new Unavailable(
                        at + said + ". The server merges more slowly than rows arrive; wait, then run again",
                        clean(failure));
            case MEMORY_LIMIT ->
                new Unavailable(
                        at + said + ". The server is out of memory for this; run again when it has less to do, or"
                                + " give it more",
                        clean(failure));
            case TIMEOUT, TOO_MANY_QUERIES, TABLE_READ_ONLY, NO_SPACE, CANCELLED ->
                new Unavailable(at + said + ". Run again", clean(failure));
            default -> new Unavailable(at + said, clean(failure));
        };
    }

    /** Whether it failed because tables or columns are not there, or are others. */
    static boolean isAboutShape(Throwable failure) {
        return server(failure)
                        .filter(answer -> ABOUT_SHAPE.contains(answer.getCode()))
                        .isPresent()
                || find(failure, NativeDecoder.UnexpectedColumn.class).isPresent();
    }

    /** A text for a message, without the middle of one that is very long. */
    static String cut(Object text) {
        String whole = text.toString();
        int half = MOST_CHARACTERS / 4;
        return whole.length() <= MOST_CHARACTERS
                ? whole
                : whole.substring(0, half) + "…" + whole.substring(whole.length() - half);
    }

    /** The server's own answer, when it gave one. */
    static Optional<ServerException> server(Throwable failure) {
        return find(failure, ServerException.class);
    }

    /** Whether the server answered with that code. */
    static boolean isCode(Throwable failure, int code) {
        return server(failure).filter(answer -> answer.getCode() == code).isPresent();
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }

    private String why(ServerException failure) {
        String said = said(failure);
        return said.isEmpty() ? "" : " (" + said + ")";
    }

    /** What is known of a failure in one line, without the password. */
    private String said(Throwable failure) {
        List<String> parts = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isWrapping(cause)) {
                continue;
            }
            String message = Optional.ofNullable(cause.getMessage())
                    .orElse(cause.getClass().getSimpleName());
            if (parts.stream().noneMatch(part -> part.contains(message) || message.contains(part))) {
                parts.add(message);
            }
        }
        String line = redacted(String.join(": ", parts)).replaceAll("\\s+", " ").strip();
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
    }

    // What the driver adds to a cause is the number of its attempt and the id of its request.
    private static boolean isWrapping(Throwable failure) {
        return failure.getCause() != null
                && (failure instanceof ExecutionException
                        || failure instanceof CompletionException
                        || (failure instanceof ClickHouseException && !(failure instanceof ServerException)));
    }

    private String redacted(String text) {
        return address.password().isEmpty() ? text : text.replace(address.password(), "***");
    }

    // An exception of the driver may carry anything it was given; as a cause it would be printed as it is.
    private Throwable clean(Throwable failure) {
        if (address.password().isEmpty()) {
            return failure;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains(address.password())) {
                RuntimeException shown = new RuntimeException(said(failure));
                shown.setStackTrace(failure.getStackTrace());
                return shown;
            }
        }
        return failure;
    }
}
