package dev.candlewick.sink.gcp.testing;

/** What a request to {@link LocalBigQuery} asks for. */
public enum BigQueryCall {
    /** {@code datasets.get}. */
    DATASET_GET,
    /** {@code datasets.insert}. */
    DATASET_INSERT,
    /** {@code datasets.list}. */
    DATASET_LIST,
    /** {@code datasets.patch} and {@code datasets.update}. */
    DATASET_PATCH,
    /** {@code datasets.delete}. */
    DATASET_DELETE,
    /** {@code tables.get}. */
    TABLE_GET,
    /** {@code tables.insert}. */
    TABLE_INSERT,
    /** {@code tables.list}. */
    TABLE_LIST,
    /** {@code tables.patch} and {@code tables.update}. */
    TABLE_PATCH,
    /** {@code tables.delete}. */
    TABLE_DELETE,
    /** {@code tabledata.list}. */
    TABLE_DATA_LIST,
    /** {@code tabledata.insertAll}, which is refused. */
    TABLE_DATA_INSERT_ALL,
    /** {@code jobs.insert} without an upload. */
    JOB_INSERT,
    /** {@code jobs.insert} that begins a resumable upload. */
    UPLOAD_START,
    /** A piece of a resumable upload, the question for its state, or an upload in one request. */
    UPLOAD_CONTENT,
    /** {@code jobs.get}. */
    JOB_GET,
    /** {@code jobs.list}. */
    JOB_LIST,
    /** {@code jobs.cancel}. */
    JOB_CANCEL,
    /** {@code jobs.query}. */
    QUERY,
    /** {@code jobs.getQueryResults}. */
    QUERY_RESULTS,
    /** Anything else. */
    OTHER
}
