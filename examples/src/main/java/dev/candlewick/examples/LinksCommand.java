package dev.candlewick.examples;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.sink.parquet.UnitLink;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** {@code candlewick links}: signed addresses of a series' files in an object storage. */
final class LinksCommand implements Command {

    private static final Flag EXPIRES = Flag.of("expires", "TIME", "how long they are valid: 30m, 12h, 7d (1h)");

    @Override
    public Usage usage() {
        return Usage.of("links", "Print addresses under which others may fetch a series' files without credentials.")
                .requiring(Flags.STORE, Flags.SERIES)
                .allowing(Flags.START, Flags.END, EXPIRES)
                .noting("""
                        For stores in an object storage (gcs:, s3:), whose credentials must be able to sign. One address per
                        line, oldest unit first. Whoever has one can read its file until it expires: hand them on as you
                        would a password.""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Duration validity = validity(arguments.value(EXPIRES).orElse("1h"));
        try (ParquetStore store = ParquetStores.open(arguments, console)) {
            TimeRange range = Flags.optionalRange(arguments).orElse(ParquetStores.ALWAYS);
            for (Series one : HeldSeries.of(store, arguments)) {
                List<UnitLink> links = Flags.meaning(() -> store.links(one, range, validity));
                links.forEach(link -> console.print(link.address() + "\n"));
                if (links.isEmpty()) {
                    console.note("Note: " + store.name() + " holds no row of " + one + " in that range");
                }
            }
            return ExitCode.DONE;
        }
    }

    private static Duration validity(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (!lower.matches("[0-9]{1,6}[smhd]")) {
            throw new UsageException(EXPIRES + " needs a number and a unit such as 30m, 12h or 7d, not '" + text + "'");
        }
        long count = Long.parseLong(lower.substring(0, lower.length() - 1));
        return switch (lower.charAt(lower.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
