package dev.candlewick.source.binance;

import dev.candlewick.http.HttpRequest;
import dev.candlewick.http.HttpTransport;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The list of what is in the archive. A hint only: it was seen months behind the files themselves, so that nothing recent
 * is absent because it is not listed. Thread-safe.
 */
final class BucketListing {

    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;
    private static final Pattern BUCKET_URL = Pattern.compile("BUCKET_URL\\s*=\\s*['\"]([^'\"\\s]{1,200})['\"]");
    private static final Pattern KEY = Pattern.compile("<Key>([^<]{1,2000})</Key>");
    private static final Pattern FOLDER = Pattern.compile("<CommonPrefixes><Prefix>([^<]{1,2000})</Prefix>");
    private static final Pattern NEXT = Pattern.compile("<NextMarker>([^<]{1,2000})</NextMarker>");
    private static final long PAGE_BYTES = 8L << 20;

    /** Pages of a thousand names each; a listing that goes on after that repeats itself. */
    private static final int MOST_PAGES = 100;

    private final String baseUrl;
    private final HttpTransport http;

    BucketListing(String baseUrl, HttpTransport http) {
        this.baseUrl = baseUrl;
        this.http = http;
    }

    /** Whether anything is in a folder. Empty when the listing cannot tell. */
    Optional<Boolean> hasAny(String folder) {
        return page("?delimiter=/&max-keys=2&prefix=" + encode(folder))
                .map(listing -> !texts(KEY, listing).isEmpty());
    }

    /** The names of the files in a folder. Empty when the listing cannot tell. */
    Optional<List<String>> filesIn(String folder) {
        return names(folder, KEY);
    }

    /** The names of the folders in a folder. Empty when the listing cannot tell. */
    Optional<List<String>> foldersIn(String folder) {
        return names(folder, FOLDER);
    }

    private Optional<List<String>> names(String folder, Pattern entry) {
        List<String> names = new ArrayList<>();
        String marker = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            Optional<String> listing = page("?delimiter=/&max-keys=1000&prefix=" + encode(folder)
                    + (marker.isEmpty() ? "" : "&marker=" + encode(marker)));
            if (listing.isEmpty()) {
                return Optional.empty();
            }
            for (String path : texts(entry, listing.get())) {
                if (path.startsWith(folder) && path.length() > folder.length()) {
                    names.add(path.substring(folder.length()).replaceFirst("/$", ""));
                }
            }
            List<String> next = texts(NEXT, listing.get());
            if (next.isEmpty() || next.get(0).compareTo(marker) <= 0) {
                break;
            }
            marker = next.get(0);
        }
        return Optional.of(names);
    }

    private Optional<String> page(String query) {
        String listing = text(baseUrl + "/" + query);
        Matcher elsewhere = BUCKET_URL.matcher(listing);
        if (!listing.contains("<ListBucketResult") && elsewhere.find() && isTrusted(elsewhere.group(1))) {
            listing = text(elsewhere.group(1) + query);
        }
        return listing.contains("<ListBucketResult") ? Optional.of(listing) : Optional.empty();
    }

    /** The bucket that the archive's page names lies at Amazon or where the archive itself is. */
    private boolean isTrusted(String bucketUrl) {
        try {
            URI uri = URI.create(bucketUrl);
            String host = String.valueOf(uri.getHost());
            return host.equals(URI.create(baseUrl).getHost())
                    || ("https".equals(uri.getScheme()) && host.endsWith(".amazonaws.com"));
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    private String text(String url) {
        return http.send(HttpRequest.get(url)
                        .accepting(FORBIDDEN, NOT_FOUND)
                        .maxBodyBytes(PAGE_BYTES)
                        .build())
                .text();
    }

    private static List<String> texts(Pattern pattern, String listing) {
        List<String> texts = new ArrayList<>();
        Matcher matcher = pattern.matcher(listing);
        while (matcher.find()) {
            texts.add(matcher.group(1)
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&quot;", "\"")
                    .replace("&apos;", "'")
                    .replace("&amp;", "&"));
        }
        return texts;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
