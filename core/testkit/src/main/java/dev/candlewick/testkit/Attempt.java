package dev.candlewick.testkit;

import dev.candlewick.MarketDataException;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.testkit.UnitTrial.Told;
import java.util.List;
import java.util.Optional;

/** How a call ended. */
record Attempt(Optional<Object> result, Optional<Throwable> failure) {

    static Attempt done(Object result) {
        return new Attempt(Optional.of(result), Optional.empty());
    }

    static Attempt failed(Throwable failure) {
        return new Attempt(Optional.empty(), Optional.of(failure));
    }

    Told told() {
        if (failure.isEmpty()) {
            return Told.DONE;
        }
        return failure.get() instanceof Unavailable ? Told.FAILED : Told.NOTHING;
    }

    boolean isMarketData() {
        return failure.isPresent() && failure.get() instanceof MarketDataException;
    }

    /** A network may make a call fail for now or leave its outcome open; nothing else. */
    List<String> problems(String what) {
        return failure.isEmpty() || failure.get() instanceof Unavailable || failure.get() instanceof Unconfirmed
                ? List.of()
                : List.of(what + " ended with " + text(failure.get()));
    }

    List<String> problemsUnlessFailed(String what) {
        return failure.isEmpty() ? List.of(what + " gave " + result) : problems(what);
    }

    List<String> problemsUnlessDone(String what) {
        return failure.isEmpty() ? List.of() : List.of(what + " ended with " + text(failure.get()));
    }

    List<String> problemsFound(String what) {
        if (failure.isPresent()) {
            return List.of(what + " ended with " + text(failure.get()));
        }
        return ((List<?>) result.orElseThrow())
                .stream().map(each -> what + " " + each).toList();
    }

    @Override
    public String toString() {
        return failure.isEmpty() ? "done" : "failed with " + text(failure.get());
    }

    private static String text(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.toString());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append(" <- ").append(cause);
        }
        if (!(failure instanceof MarketDataException) && failure.getStackTrace().length > 0) {
            text.append(" at ").append(failure.getStackTrace()[0]);
        }
        return text.toString();
    }
}
