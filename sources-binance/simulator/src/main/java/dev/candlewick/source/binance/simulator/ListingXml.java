package dev.candlewick.source.binance.simulator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Prints a page of the bucket listing. Not thread-safe. */
final class ListingXml {
    private final StringBuilder entries = new StringBuilder();
    private int count;

    int count() {
        return count;
    }

    void file(String key, Instant modified, String md5, long bytes) {
        count++;
        entries.append("<Contents><Key>").append(escape(key)).append("</Key><LastModified>");
        entries.append(modified.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ".000Z"));
        entries.append("</LastModified><ETag>&quot;").append(md5).append("&quot;</ETag><Size>");
        entries.append(bytes).append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
    }

    void folder(String prefix) {
        count++;
        entries.append("<CommonPrefixes><Prefix>").append(escape(prefix)).append("</Prefix></CommonPrefixes>");
    }

    /** The whole page; {@code nextMarker} is empty on the last one or when there is no delimiter. */
    String page(ListingQuery query, Continuation continuation, String nextMarker) {
        StringBuilder page = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        page.append("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        element(page, "Name", "data.binance.vision");
        element(page, "Prefix", query.prefix());
        element(page, "Marker", query.marker());
        if (!nextMarker.isEmpty()) {
            element(page, "NextMarker", nextMarker);
        }
        element(page, "MaxKeys", String.valueOf(query.maxKeys()));
        if (!query.delimiter().isEmpty()) {
            element(page, "Delimiter", query.delimiter());
        }
        element(page, "IsTruncated", continuation == Continuation.TRUNCATED ? "true" : "false");
        return page.append(entries).append("</ListBucketResult>").toString();
    }

    /** Whether more pages follow. */
    enum Continuation {
        TRUNCATED,
        LAST_PAGE
    }

    private static void element(StringBuilder page, String name, String text) {
        page.append('<')
                .append(name)
                .append('>')
                .append(escape(text))
                .append("</")
                .append(name)
                .append('>');
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
