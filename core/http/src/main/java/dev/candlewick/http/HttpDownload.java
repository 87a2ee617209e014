package dev.candlewick.http;

import java.nio.file.Path;

/**
 * A body that was written to a file.
 *
 * @param status the status; the file exists only when it is 2xx
 * @param headers the headers of the answer
 * @param file where the body was written
 * @param bytes how many bytes the file has, 0 when it was not written
 * @param sha256 SHA-256 of the file in lower-case hexadecimal, computed while writing; of nothing when not written
 */
public record HttpDownload(int status, HttpHeaders headers, Path file, long bytes, String sha256) {}
