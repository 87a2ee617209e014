package dev.candlewick.source.binance.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The files and checksums of the public archive. Safe for use by many threads. */
final class Archive {
    static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final String ZIP = "application/zip";
    private static final String CHECKSUM = "binary/octet-stream";

    /** A file that was published again. */
    private record Revision(int number, Instant at) {}

    /** A file in a revision: what its bytes depend on. */
    private record Version(ArchiveFile file, int revision) {}

    /** What the listing and the headers tell of a file. */
    record Stamp(long bytes, String md5, String sha256) {}

    private final ArchiveContent content;
    private final TapeArchive tapes;
    private final ArchiveRules rules;
    private final Optional<Path> filesRoot;
    private final Map<ArchiveFile, Revision> revisions = new ConcurrentHashMap<>();
    private final Map<Version, Stamp> stamps = new ConcurrentHashMap<>();
    private final RecentBytes<Version> recentZips = new RecentBytes<>();

    Archive(ArchiveContent content, TapeArchive tapes, ArchiveRules rules, Optional<Path> filesRoot) {
        this.content = content;
        this.tapes = tapes;
        this.rules = rules;
        this.filesRoot = filesRoot.map(root -> root.toAbsolutePath().normalize());
    }

    /** The answer to a request for a file or checksum, with the effects that apply to it. */
    Reply answer(IncomingRequest request, Instant now, List<Effect> effects) {
        String key = request.path().substring(1);
        Optional<Path> onDisk = onDisk(key);
        if (onDisk.isPresent()) {
            return conditional(request, fromDisk(onDisk.get(), effects));
        }
        boolean checksum = key.endsWith(ArchiveFile.CHECKSUM_SUFFIX);
        String zipKey = checksum ? key.substring(0, key.length() - ArchiveFile.CHECKSUM_SUFFIX.length()) : key;
        Optional<TapeFile> tape = TapeFile.parse(zipKey);
        if (tape.isPresent()) {
            return tapes.zip(tape.get(), now, effects)
                    .map(zip -> tape(tape.get(), zip, checksum, effects))
                    .orElseGet(() -> noSuchKey(key));
        }
        Optional<ArchiveFile> file = ArchiveFile.parse(zipKey)
                .filter(each -> isPublished(each, now))
                .filter(each -> effects.stream().noneMatch(Effect.Absent.class::isInstance));
        if (file.isEmpty()) {
            return noSuchKey(key);
        }
        Reply reply = checksum ? checksum(file.get(), effects) : zip(file.get(), effects);
        return conditional(request, reply.with("Last-Modified", HTTP_DATE.format(modifiedAt(file.get()))));
    }

    private static Reply tape(TapeFile file, byte[] zip, boolean checksum, List<Effect> effects) {
        String lineEnd = file.market() == MarketType.SPOT ? "" : "\n";
        return checksum
                ? checksumReply(ZipBytes.sha256(zip) + "  " + file.stem() + ".zip" + lineEnd, effects)
                : zipReply(damaged(zip, effects));
    }

    /** A 404 as the bucket words it. */
    static Reply noSuchKey(String key) {
        return Reply.xml(
                404,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code>"
                        + "<Message>The specified key does not exist.</Message><Key>" + ListingXml.escape(key)
                        + "</Key></Error>");
    }

    private static Reply conditional(IncomingRequest request, Reply reply) {
        boolean same = request.header("if-none-match")
                .filter(etag -> etag.equals(reply.headers().get("ETag")))
                .isPresent();
        return same
                ? Reply.of(304, ZIP, new byte[0])
                        .with("ETag", String.valueOf(reply.headers().get("ETag")))
                : reply;
    }

    boolean isPublished(ArchiveFile file, Instant now) {
        return !now.isBefore(rules.publishedAt(file)) && content.hasCandles(file);
    }

    Instant modifiedAt(ArchiveFile file) {
        return Optional.ofNullable(revisions.get(file)).map(Revision::at).orElseGet(() -> rules.publishedAt(file));
    }

    List<Bar> bars(ArchiveFile file) {
        return content.bars(file, revision(file));
    }

    /** Publishes a file again with changed rows, and so with another checksum. */
    void republish(ArchiveFile file, Instant now) {
        revisions.merge(file, new Revision(1, now), (old, first) -> new Revision(old.number + 1, now));
    }

    private int revision(ArchiveFile file) {
        return Optional.ofNullable(revisions.get(file)).map(Revision::number).orElse(0);
    }

    Stamp stamp(ArchiveFile file) {
        Version version = new Version(file, revision(file));
        return Optional.ofNullable(stamps.get(version)).orElseGet(() -> {
            zip(version);
            return stamps.getOrDefault(version, new Stamp(0, "", ""));
        });
    }

    private byte[] zip(Version version) {
        byte[] bytes = recentZips.get(version, () -> content.zip(version.file, version.revision, List.of()));
        stamps.computeIfAbsent(version, any -> new Stamp(bytes.length, ZipBytes.md5(bytes), ZipBytes.sha256(bytes)));
        return bytes;
    }

    private byte[] published(ArchiveFile file, List<Effect> effects) {
        int revision = revision(file);
        return effects.stream().anyMatch(Effect::isPublished)
                ? content.zip(file, revision, effects)
                : zip(new Version(file, revision));
    }

    private Reply zip(ArchiveFile file, List<Effect> effects) {
        if (effects.stream().anyMatch(effect -> effect.isPublished() || effect instanceof Effect.Damage)) {
            return zipReply(damaged(published(file, effects), effects));
        }
        byte[] bytes = published(file, effects);
        return zipReply(bytes, stamp(file).md5());
    }

    private static byte[] damaged(byte[] zip, List<Effect> effects) {
        byte[] bytes = zip;
        for (Effect effect : effects) {
            if (effect instanceof Effect.Damage damage) {
                bytes = damage.change().apply(bytes);
            }
        }
        return bytes;
    }

    private static Reply zipReply(byte[] bytes) {
        return zipReply(bytes, ZipBytes.md5(bytes));
    }

    private static Reply zipReply(byte[] bytes, String md5) {
        return Reply.of(200, ZIP, bytes).with("ETag", '"' + md5 + '"');
    }

    private Reply checksum(ArchiveFile file, List<Effect> effects) {
        boolean spoiled = effects.stream().anyMatch(Effect::isPublished);
        String hash = spoiled
                ? ZipBytes.sha256(published(file, effects))
                : stamp(file).sha256();
        return checksumReply(checksumText(file, hash), effects);
    }

    private static Reply checksumReply(String text, List<Effect> effects) {
        String changed = text;
        for (Effect effect : effects) {
            if (effect instanceof Effect.Checksum change) {
                changed = change.change().apply(changed);
            }
        }
        byte[] bytes = Reply.utf8(changed);
        return Reply.of(200, CHECKSUM, bytes).with("ETag", '"' + ZipBytes.md5(bytes) + '"');
    }

    /** Spot's checksum files end without a line feed, the futures' with one. */
    private static String checksumText(ArchiveFile file, String hash) {
        return hash + "  " + file.zipName() + (file.market() == MarketType.SPOT ? "" : "\n");
    }

    /** The checksum file of a file as last published. */
    byte[] checksum(ArchiveFile file) {
        return Reply.utf8(checksumText(file, stamp(file).sha256()));
    }

    private Optional<Path> onDisk(String key) {
        return filesRoot
                .map(root -> root.resolve(key).normalize())
                .filter(path -> path.startsWith(filesRoot.orElseThrow()) && Files.isRegularFile(path));
    }

    Optional<Path> filesRoot() {
        return filesRoot;
    }

    private static Reply fromDisk(Path path, List<Effect> effects) {
        try {
            byte[] bytes = Files.readAllBytes(path);
            Reply reply = path.toString().endsWith(ArchiveFile.CHECKSUM_SUFFIX)
                    ? checksumReply(new String(bytes, StandardCharsets.UTF_8), effects)
                    : zipReply(damaged(bytes, effects));
            return reply.with(
                    "Last-Modified",
                    HTTP_DATE.format(Files.getLastModifiedTime(path).toInstant()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the archive file " + path, e);
        }
    }
}
