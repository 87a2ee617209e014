package dev.candlewick.source.tardis;

import dev.candlewick.Corrupt;
import dev.candlewick.MarketDataException;
import dev.candlewick.http.HttpDownload;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.http.HttpRequest;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;

/** What Tardis says of exchanges, symbols and keys; kept on disk for some hours, as published. Thread-safe. */
final class TardisCatalogue {

    private static final System.Logger LOG = System.getLogger(TardisCatalogue.class.getName());

    /** After a failure the catalogue is not asked again for so long where it only helps to explain. */
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    private final TardisHttp http;
    private final Path directory;
    private final Duration keep;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, Listed> listed = new ConcurrentHashMap<>();
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();

    private record Known(TardisExchangeDetails details, Instant at) {}

    private record Listed(InstrumentCatalog catalog, Instant at) {}

    private record Failure(String message, Instant at) {}

    /** Details, or why there are none. */
    record Asked(Optional<TardisExchangeDetails> details, String failure) {}

    private interface Reading<T> {
        T read(InputStream document) throws IOException;
    }

    TardisCatalogue(TardisHttp http, Path directory, Duration keep) {
        this.http = http;
        this.directory = directory;
        this.keep = keep;
    }

    List<TardisExchange> exchanges() {
        return document("exchanges", "/exchanges", http.openDocument("/exchanges"), MetadataJson::exchanges);
    }

    TardisExchangeDetails exchange(String id) {
        Instant now = http.clock().instant();
        Known before = known.get(id);
        if (before != null && before.at.plus(keep).isAfter(now)) {
            return before.details;
        }
        String path = "/exchanges/" + encode(id);
        TardisExchangeDetails details =
                document("exchange_" + encode(id), path, http.openDocument(path), MetadataJson::details);
        known.put(id, new Known(details, now));
        return details;
    }

    /** The details where they are only to explain something: no failure of the catalogue is one of the reading. */
    Asked ask(String id) {
        Instant now = http.clock().instant();
        Failure before = failures.get(id);
        if (before != null && before.at.plus(AFTER_FAILURE).isAfter(now)) {
            return new Asked(Optional.empty(), before.message);
        }
        try {
            return new Asked(Optional.of(exchange(id)), "");
        } catch (dev.candlewick.Cancelled ended) {
            throw ended;
        } catch (MarketDataException unknown) {
            String message = String.valueOf(unknown.getMessage());
            failures.put(id, new Failure(message, now));
            return new Asked(Optional.empty(), message);
        }
    }

    /** The details if they are at hand without asking anybody. */
    Optional<TardisExchangeDetails> atHand(String id) {
        return Optional.ofNullable(known.get(id))
                .filter(each -> each.at.plus(keep).isAfter(http.clock().instant()))
                .map(Known::details);
    }

    /** The instruments of an exchange; records that define none are left out and logged. */
    List<Instrument> instruments(String exchange) {
        String path = "/instruments/" + encode(exchange);
        InstrumentsJson read = document(
                "instruments_" + encode(exchange),
                path,
                http.keyedDocument(path),
                document -> InstrumentsJson.read(document, http.documentUrl(path)));
        read.rejected()
                .forEach(record ->
                        LOG.log(Level.WARNING, "Not an instrument, left out: {0} ({1})", record, record.text()));
        return read.instruments();
    }

    /** The same to look names up in, read once in a while. */
    InstrumentCatalog instrumentCatalog(String exchange) {
        Instant now = http.clock().instant();
        Listed before = listed.get(exchange);
        if (before != null && before.at.plus(keep).isAfter(now)) {
            return before.catalog;
        }
        InstrumentCatalog catalog = InstrumentCatalog.of(instruments(exchange));
        listed.put(exchange, new Listed(catalog, now));
        return catalog;
    }

    List<TardisAccess> access() {
        String path = "/api-key-info";
        Path temporary = temporary("api-key-info");
        try {
            fetch(http.keyedDocument(path), temporary, path);
            return parse(temporary, path, MetadataJson::access);
        } finally {
            FileCache.delete(temporary);
        }
    }

    private <T> T document(String name, String path, HttpRequest.Builder request, Reading<T> reading) {
        Path file = directory.resolve(name + ".json");
        if (!isFresh(file)) {
            Path temporary = temporary(name);
            try {
                fetch(request, temporary, path);
                T result = parse(temporary, path, reading); // nothing unreadable is kept
                keep(temporary, file);
                return result;
            } finally {
                FileCache.delete(temporary);
            }
        }
        try {
            return parse(file, path, reading);
        } catch (Corrupt damaged) {
            FileCache.delete(file); // the next one asks
            throw damaged;
        }
    }

    private boolean isFresh(Path file) {
        try {
            Instant written = Files.getLastModifiedTime(file).toInstant();
            Instant now = http.clock().instant();
            return written.plus(keep).isAfter(now) && !written.isAfter(now.plus(keep));
        } catch (NoSuchFileException notThere) {
            return false;
        } catch (IOException unreadable) {
            throw FileCache.cannot("read", file, unreadable);
        }
    }

    private void fetch(HttpRequest.Builder request, Path file, String path) {
        try {
            HttpDownload answer = http.transport()
                    .download(request.header("Accept-Encoding", "gzip").build(), file);
            if (answer.status() != 200) {
                throw new Corrupt(http.documentUrl(path) + " answered " + answer.status() + " without a document");
            }
        } catch (HttpRefused refused) {
            throw http.refused(http.documentUrl(path), refused);
        }
    }

    private <T> T parse(Path file, String path, Reading<T> reading) {
        try (InputStream document = plain(file)) {
            return reading.read(document);
        } catch (IOException unreadable) {
            throw new Corrupt(
                    "The document of " + http.documentUrl(path) + " cannot be read: " + unreadable.getMessage()
                            + ". It is not kept; ask again, and check the base URL if it stays so.",
                    unreadable);
        }
    }

    private static InputStream plain(Path file) throws IOException {
        PushbackInputStream input = new PushbackInputStream(new BufferedInputStream(Files.newInputStream(file)), 2);
        byte[] magic = input.readNBytes(2);
        input.unread(magic);
        return magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b
                ? new GZIPInputStream(input, 1 << 16)
                : input;
    }

    private Path temporary(String name) {
        try {
            Files.createDirectories(directory);
        } catch (IOException unwritable) {
            throw FileCache.cannot("write to", directory, unwritable);
        }
        return directory.resolve(name + "." + UUID.randomUUID() + ".unconfirmed");
    }

    private void keep(Path temporary, Path file) {
        try {
            Files.setLastModifiedTime(temporary, FileTime.from(http.clock().instant()));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            throw FileCache.cannot("write", file, unwritable);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
