package dev.candlewick.source.tardis;

import dev.candlewick.Answer;
import dev.candlewick.Cancelled;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.TimeRange;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.http.HttpStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Brings about files, or the reason why there are none. One per source; thread-safe. */
final class TardisFiles {

    /** How answers of the archive are called in the ledger. */
    static final String ROUTE = "dataset";

    /** An empty file may be replaced while it is young; afterwards it stays empty. */
    private static final Duration YOUNG = Duration.ofDays(30);

    private final TardisHttp http;
    private final FileCache cache;
    private final TardisCatalogue catalogue;
    /** Who downloads a file holds its lock; others wait and find it. */
    private final Map<String, ReentrantLock> underWay = new ConcurrentHashMap<>();

    /** A copy, or the gap that explains why there is none, and what was answered if somebody was asked. */
    record Found(Optional<CachedCopy> copy, Optional<Gap> gap, Optional<Answer> answer) {

        static Found of(CachedCopy copy) {
            return new Found(Optional.of(copy), Optional.empty(), Optional.empty());
        }

        static Found nothing(Gap gap) {
            return new Found(Optional.empty(), Optional.of(gap), Optional.empty());
        }
    }

    TardisFiles(TardisHttp http, FileCache cache, TardisCatalogue catalogue) {
        this.http = http;
        this.cache = cache;
        this.catalogue = catalogue;
    }

    Instant now() {
        return http.clock().instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
    }

    String url(DatasetFile file) {
        return http.url(file);
    }

    /** The file from disk, or else from Tardis. */
    Found find(DatasetFile file, TimeRange part, Instant now) {
        Optional<CachedCopy> held = cache.find(file);
        if (held.isPresent()) {
            return Found.of(held.get());
        }
        Availability availability = new Availability(file, now);
        Optional<Gap> known = availability
                .beforeAsking(part)
                .or(() ->
                        catalogue.atHand(file.exchange()).flatMap(details -> availability.byCatalogue(part, details)));
        if (known.isPresent()) {
            return Found.nothing(known.get());
        }
        DatasetDownload.Outcome outcome = download(file);
        if (outcome instanceof DatasetDownload.Fetched fetched) {
            return Found.of(fetched.copy());
        }
        boolean offered = outcome instanceof DatasetDownload.NotThere;
        int status = offered ? 404 : 400;
        ErrorBody said = outcome instanceof DatasetDownload.NotThere missing
                ? missing.said()
                : ((DatasetDownload.NotOffered) outcome).said();
        String answered = url(file) + " answered " + status + (said.toString().isEmpty() ? "" : ", " + said);
        Gap gap = offered
                ? availability.notThere(part, answered, catalogue.ask(file.exchange()))
                : new Gap(
                        part,
                        GapReason.ARCHIVE_HOLE,
                        "Tardis does not offer " + file.data() + " of it; " + answered,
                        now,
                        now.plus(YOUNG));
        Answer answer = new Answer(part, ROUTE, url(file), status, "", "", 0, now, said.toString());
        return new Found(Optional.empty(), Optional.of(gap), Optional.of(answer));
    }

    private DatasetDownload.Outcome download(DatasetFile file) {
        ReentrantLock lock = underWay.computeIfAbsent(file.localName(), name -> new ReentrantLock());
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Cancelled("Waiting for the download of " + file + " was interrupted", interrupted);
        }
        try {
            Optional<CachedCopy> meanwhile = cache.find(file);
            return meanwhile.isPresent()
                    ? new DatasetDownload.Fetched(meanwhile.get())
                    : new DatasetDownload(http, cache, file).fetch();
        } finally {
            underWay.remove(file.localName(), lock);
            lock.unlock();
        }
    }

    /** Which silences of a file an incident report explains. */
    List<Gap> explain(DatasetFile file, List<TimeRange> silences, Instant now) {
        return catalogue
                .ask(file.exchange())
                .details()
                .map(details -> new Availability(file, now).incidents(silences, details.incidents()))
                .orElse(List.of());
    }

    /** When to look again whether a file without rows was replaced by one with some. */
    Instant recheckEmpty(DatasetFile file, Instant now) {
        return file.range().end().isAfter(now.minus(YOUNG)) ? now.plus(Duration.ofDays(1)) : Gap.NEVER;
    }

    void setAside(DatasetFile file, String reason) {
        cache.setAside(file, reason);
    }

    /** Whether Tardis has another version today of a file that a unit was made from; then the copy is not used again. */
    Optional<String> changed(Target target, LedgerEntry entry) {
        for (Answer answer : entry.answers()) {
            if (!answer.route().equals(ROUTE) || answer.version().isEmpty()) {
                continue;
            }
            LocalDate day = answer.range().start().atZone(ZoneOffset.UTC).toLocalDate();
            DatasetFile file = target.file(day);
            if (!url(file).equals(answer.request())) {
                continue;
            }
            Optional<String> version = versionNow(file, answer.version());
            if (version.isPresent() && !version.get().equals(answer.version())) {
                if (cache.find(file)
                        .filter(copy -> !copy.version().equals(version.get()))
                        .isPresent()) {
                    cache.setAside(file, "published anew");
                }
                return Optional.of(file + " was published anew (" + answer.version() + " → " + version.get() + ")");
            }
        }
        return Optional.empty();
    }

    /** The version that a file has now; empty when it is gone: what was read of it then is all there is. */
    private Optional<String> versionNow(DatasetFile file, String before) {
        http.requireKeyNotRefused();
        String url = url(file);
        for (int redirects = 0; ; redirects++) {
            try (HttpStream answer = http.transport()
                    .openAsStored(TardisHttp.unless(http.file(url), before)
                            .accepting(304)
                            .build())) {
                if (TardisHttp.isRedirect(answer.status())) {
                    if (redirects > 0) {
                        throw http.unfollowed(file.toString(), answer, "a second time");
                    }
                    url = http.target(file.toString(), url, answer);
                    continue;
                }
                if (answer.status() == 304) {
                    return Optional.of(before);
                }
                String version = TardisHttp.version(answer.headers());
                return answer.status() == 200 && !version.isEmpty() ? Optional.of(version) : Optional.empty();
            } catch (HttpRefused refused) {
                throw http.refused(file, refused);
            }
        }
    }
}
