package dev.candlewick.sink.gcp.testing;

/** What a request to Cloud Storage is for. */
public enum StorageCall {
    /** Asks for a bucket, makes one, or lists them. */
    BUCKET,
    /** Asks what an object is, without its content. */
    HEAD,
    /** Reads an object or a stretch of it. */
    READ,
    /** Lists a page of objects. */
    LIST,
    /** Writes an object in one request. */
    WRITE,
    /** Begins an upload in chunks. */
    UPLOAD_START,
    /** Sends a chunk. */
    UPLOAD_CHUNK,
    /** Asks how much of an upload has arrived. */
    UPLOAD_STATUS,
    /** Gives an upload up. */
    UPLOAD_CANCEL,
    /** Deletes an object. */
    DELETE,
    /** Makes an object of others. */
    COMPOSE,
    /** Reads an object by a signed address. */
    SIGNED_READ,
    /** Asks for an access token. */
    TOKEN,
    /** Something that this server does not know. */
    OTHER
}
