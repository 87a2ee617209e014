package dev.candlewick.source.binance.simulator;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which requests a misbehaviour is about. Immutable. */
record Scope(Set<RequestKind> kinds, Predicate<Target> also) {

    /** A request, and the candle file it names if it names one. */
    record Target(VenueHost host, RequestKind kind, String path, Optional<String> symbol, Optional<ArchiveFile> file) {
        static Target of(IncomingRequest request) {
            String key = request.path().startsWith("/") ? request.path().substring(1) : request.path();
            String zip = key.endsWith(ArchiveFile.CHECKSUM_SUFFIX)
                    ? key.substring(0, key.length() - ArchiveFile.CHECKSUM_SUFFIX.length())
                    : key;
            Optional<ArchiveFile> file = ArchiveFile.parse(zip);
            Optional<String> symbol = file.map(ArchiveFile::symbol).or(() -> request.parameter("symbol"));
            return new Target(request.host(), request.kind(), request.path(), symbol, file);
        }

        /** The request for the zip itself: what is published wrongly has a checksum that agrees. */
        Target asFile() {
            return new Target(
                    host, RequestKind.ARCHIVE_FILE, path.replace(ArchiveFile.CHECKSUM_SUFFIX, ""), symbol, file);
        }

        static Target of(ArchiveFile file) {
            return new Target(
                    VenueHost.ARCHIVE,
                    RequestKind.ARCHIVE_FILE,
                    "/" + file.key(),
                    Optional.of(file.symbol()),
                    Optional.of(file));
        }
    }

    static Scope of(RequestKind first, RequestKind... more) {
        return new Scope(EnumSet.of(first, more), target -> true);
    }

    static Scope everything() {
        return new Scope(EnumSet.allOf(RequestKind.class), target -> true);
    }

    Scope and(Predicate<Target> condition) {
        return new Scope(kinds, also.and(condition));
    }

    Scope withKinds(RequestKind first, RequestKind... more) {
        return new Scope(EnumSet.of(first, more), also);
    }

    boolean covers(Target target) {
        return kinds.contains(target.kind()) && also.test(target);
    }
}
