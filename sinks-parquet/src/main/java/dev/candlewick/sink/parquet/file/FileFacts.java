package dev.candlewick.sink.parquet.file;

/**
 * What a finished file holds.
 *
 * @param rows how many rows
 * @param bytes its length
 * @param rowGroups how many row groups
 * @param firstEpochMicros the first row's time; 0 without rows
 * @param lastEpochMicros the last row's time; 0 without rows
 */
public record FileFacts(long rows, long bytes, int rowGroups, long firstEpochMicros, long lastEpochMicros) {}
