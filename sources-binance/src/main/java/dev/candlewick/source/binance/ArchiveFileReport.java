package dev.candlewick.source.binance;

/**
 * What one file of an {@linkplain ArchiveDirectorySource archive on disk} turned out to be when it was read.
 *
 * @param path where it lies below the directory
 * @param rows its rows in the stretch that was asked for
 * @param repeated rows that say the same as another one, dropped
 * @param invalid rows that are wrong or of another period, set aside
 * @param problem why the whole file was set aside; empty when it was not
 */
public record ArchiveFileReport(String path, long rows, long repeated, long invalid, String problem) {

    /** Whether the file as a whole was set aside. */
    public boolean isSetAside() {
        return !problem.isEmpty();
    }

    @Override
    public String toString() {
        return path + ": " + (isSetAside() ? problem : rows + " rows");
    }
}
