package dev.candlewick.examples;

import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.sink.parquet.ParquetStore;
import java.io.IOException;
import java.util.List;

/** {@code candlewick combine}: all rows of a series in one Parquet file beside the store. */
final class CombineCommand implements Command {

    @Override
    public Usage usage() {
        return Usage.of("combine", "Write all rows of a series into one Parquet file outside the store.")
                .requiring(Flags.STORE)
                .allowing(Flags.SERIES, Flags.OUT)
                .noting("""
                        Every series of the store unless --series is given. Without --out the file is named after the
                        series and lies in the current directory. The store itself is left as it is; the file is read
                        back and compared before it gets its name.""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) throws IOException {
        try (ParquetStore store = ParquetStores.open(arguments, console)) {
            List<Series> series = HeldSeries.of(store, arguments);
            if (series.isEmpty()) {
                throw new Refused(store.name() + " is empty; there is nothing to combine");
            }
            if (arguments.has(Flags.OUT) && series.size() > 1) {
                throw new UsageException("--out names one file, but there are " + series.size()
                        + " series; choose one with --series: " + Shortened.list(series));
            }
            for (Series one : series) {
                OutputTarget target = OutputTarget.of(
                        arguments.value(Flags.OUT).orElse(fileName(one)),
                        StoreAddress.directory(arguments.required(Flags.STORE)));
                if (target.kind() == OutputTarget.Kind.WRITTEN_STRAIGHT) {
                    throw new UsageException("--out " + target.given() + " is no file; a Parquet file is read back"
                            + " before it gets its name");
                }
                console.print(store.combine(one, ParquetStores.ALWAYS, target.file()) + "\n");
            }
            return ExitCode.DONE;
        }
    }

    /** The series' text with everything replaced that some file system refuses, such as {@code :} and {@code /}. */
    static String fileName(Series series) {
        return series.toString().replaceAll("[^\\p{L}\\p{N}._@-]", "_") + ".parquet";
    }
}
