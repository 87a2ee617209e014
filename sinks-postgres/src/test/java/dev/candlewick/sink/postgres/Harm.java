package dev.candlewick.sink.postgres;

import static dev.candlewick.sink.postgres.testing.PostgresServer.execute;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.util.List;

/** What a table cannot hold, and what somebody may do to one. */
final class Harm {

    private Harm() {}

    /** Rows of which the last has a text that PostgreSQL cannot hold. */
    static Batch text() {
        Series notes = new Series(
                Subject.parse("BINANCE:SPOT_PAIR:BTC-USDT"),
                new Dataset(
                        "notes",
                        new Schema(List.of(Field.time("at"), Field.text("note")), "at", List.of("at")),
                        Cadence.events()));
        Instant at = Instant.parse("2024-01-01T00:00:00Z");
        return new BatchBuilder(notes, 2)
                .row(at, "fine")
                .row(at.plusSeconds(1), "not \0 fine")
                .build();
    }

    /** Changes a value in the middle of a unit of candles. */
    static boolean damage(String url, Series series, TimeRange unit) {
        String table = "candlewick.candles_" + series.dataset().name().substring("candles:".length());
        return execute(
                        url,
                        "UPDATE " + table + " SET volume = volume + 1 WHERE ctid = (SELECT max(ctid) FROM " + table
                                + " WHERE subject = '" + series.subject() + "' AND open_time >= '" + unit.start()
                                + "' AND open_time < '" + unit.end() + "') RETURNING 1")
                .equals("1");
    }
}
