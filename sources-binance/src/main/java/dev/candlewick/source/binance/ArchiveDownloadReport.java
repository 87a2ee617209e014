package dev.candlewick.source.binance;

import java.util.List;
import java.util.Locale;

/**
 * What a download did.
 *
 * @param there files that were there already and proven
 * @param fetched files that were fetched, or whose missing checksum was
 * @param unproven those of them of which the archive publishes no checksum
 * @param notPublished files that the archive does not have, or not yet
 * @param failed files that could not be had; running again tries them again
 * @param bytes bytes of the files that were fetched
 * @param failures the first hundred of the failed files, each with the reason
 * @param unknownSymbols symbols asked for by name of which not a single file is there or published
 */
public record ArchiveDownloadReport(
        long there,
        long fetched,
        long unproven,
        long notPublished,
        long failed,
        long bytes,
        List<String> failures,
        List<String> unknownSymbols) {

    /** Copies the lists. */
    public ArchiveDownloadReport {
        failures = List.copyOf(failures);
        unknownSymbols = List.copyOf(unknownSymbols);
    }

    /** {@code 31 files there, 2 fetched (1,204,113 bytes), 1 not published, 0 failed}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d files there, %,d fetched (%,d bytes), %,d not published, %,d failed",
                there,
                fetched,
                bytes,
                notPublished,
                failed));
        if (unproven > 0) {
            text.append(String.format(Locale.ROOT, "%n%,d of them without a published checksum", unproven));
        }
        failures.forEach(failure -> text.append("\nfailed: ").append(failure));
        if (failed > failures.size()) {
            text.append(String.format(Locale.ROOT, "%n… and %,d more", failed - failures.size()));
        }
        unknownSymbols.forEach(
                symbol -> text.append("\nnothing is published of ").append(symbol));
        return text.toString().replace("\r\n", "\n");
    }
}
