package dev.candlewick.sink.s3;

/** What a server is asked to check content with on its way. */
public enum Checksums {

    /** CRC32C of the content, both ways; what S3 itself and most servers have. */
    CRC32C,

    /** {@code Content-MD5} on the way there, for servers that do not know S3's checksums; nothing on the way back. */
    MD5
}
