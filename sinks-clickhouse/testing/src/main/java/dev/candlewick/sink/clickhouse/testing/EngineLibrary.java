package dev.candlewick.sink.clickhouse.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;

/**
 * Finds the ClickHouse engine as a shared library: the file that was named, else the one in the cache folder, else the
 * one inside an npm package, which is fetched once and checked against the digest below.
 */
final class EngineLibrary {

    static final String VERSION = "26.7.3-stable.1";

    private static final String PACKAGE = "@chdb/lib-linux-x64-gnu@" + VERSION;
    private static final String INTEGRITY =
            "XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==";
    private static final String MEMBER = "package/libchdb.so";
    // The largest file that may come out of the package; the library has 540 MB.
    private static final long MOST_BYTES = 2L << 30;
    private static final int TAR_BLOCK = 512;
    private static final long FETCH_MINUTES = 20;

    private final Path cache;
    private final Fetcher fetcher;
    private final String integrity;

    /** Puts the tarball of a package into a folder. */
    interface Fetcher {
        Path fetch(String packageName, Path folder) throws IOException, InterruptedException;
    }

    /** Why there is no engine here. */
    static final class NotHere extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        NotHere(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    EngineLibrary(Path cache, Fetcher fetcher, String integrity) {
        this.cache = cache;
        this.fetcher = fetcher;
        this.integrity = integrity;
    }

    /** The library for this process' properties and environment. */
    static Path find() throws NotHere, IOException, InterruptedException {
        return find(EngineLibrary::setting, System.getenv());
    }

    private static Path find(UnaryOperator<String> settings, Map<String, String> environment)
            throws NotHere, IOException, InterruptedException {
        String named = settings.apply("CANDLEWICK_CHDB_LIBRARY");
        if (!named.isEmpty()) {
            Path library = Path.of(named);
            if (!Files.isRegularFile(library)) {
                throw new IOException("CANDLEWICK_CHDB_LIBRARY names " + named + ", which is no file");
            }
            return library;
        }
        requirePlatform();
        String home = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path caches = home.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
        return new EngineLibrary(caches.resolve("candlewick").resolve("chdb"), EngineLibrary::npmPack, INTEGRITY)
                .cached("false".equals(System.getProperty("engines.fetch", "true")));
    }

    /** A setting by system property or, when there is none, by environment variable; empty when neither is there. */
    static String setting(String name) {
        return Optional.ofNullable(System.getProperty(name))
                .or(() -> Optional.ofNullable(System.getenv(name)))
                .orElse("");
    }

    private static void requirePlatform() throws NotHere, IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        if (!system.equals("linux") || !(processor.equals("amd64") || processor.equals("x86_64"))) {
            throw new NotHere("the packaged engine runs on Linux on x86-64, not on " + system + " on " + processor);
        }
        Path description = Path.of("/proc/cpuinfo");
        if (Files.isReadable(description) && !Files.readString(description).contains(" avx2")) {
            throw new NotHere("the packaged engine needs a processor with AVX2");
        }
    }

    /** The library in the cache, fetched into it when it is not there yet and may be. */
    Path cached(boolean offline) throws NotHere, IOException, InterruptedException {
        Path folder = cache.resolve(VERSION);
        Path library = folder.resolve("libchdb.so");
        if (Files.isRegularFile(library)) {
            return library;
        }
        if (offline) {
            throw new NotHere(library + " is not there and -Dengines.fetch=false forbids to fetch it");
        }
        Files.createDirectories(folder);
        // Several builds may start at once; whoever holds the lock fetches, the others find the file afterwards.
        try (FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock(); // released with the channel
            if (!Files.isRegularFile(library)) {
                fetch(folder, library);
            }
            return library;
        }
    }

    private void fetch(Path folder, Path library) throws NotHere, IOException, InterruptedException {
        Path work = Files.createTempDirectory(folder, "fetch");
        try {
            Path tarball;
            try {
                tarball = fetcher.fetch(PACKAGE, work);
            } catch (IOException unreachable) {
                throw new NotHere("the engine could not be fetched: " + unreachable.getMessage());
            }
            Path unpacked = work.resolve("libchdb.so");
            unpack(tarball, unpacked);
            Files.move(unpacked, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.delete(work);
        }
    }

    private void unpack(Path tarball, Path target) throws IOException {
        MessageDigest digest = sha512();
        try (InputStream file = Files.newInputStream(tarball);
                InputStream counted = new DigestInputStream(new BufferedInputStream(file, 1 << 16), digest)) {
            InputStream tar = new GZIPInputStream(counted, 1 << 16);
            copyMember(tar, target);
            tar.transferTo(OutputStream.nullOutputStream());
            counted.transferTo(OutputStream.nullOutputStream());
        }
        String arrived = Base64.getEncoder().encodeToString(digest.digest());
        if (!arrived.equals(integrity)) {
            throw new IOException("What npm gave as " + PACKAGE + " is not what was published: its SHA-512 is "
                    + arrived + " instead of " + integrity + "; nothing of it is used");
        }
    }

    private static void copyMember(InputStream tar, Path target) throws IOException {
        byte[] header = new byte[TAR_BLOCK];
        while (tar.readNBytes(header, 0, TAR_BLOCK) == TAR_BLOCK && header[0] != 0) {
            long size = Long.parseLong(text(header, 124, 12), 8);
            if (size < 0 || size > MOST_BYTES) {
                throw new IOException("A member of " + PACKAGE + " claims " + size + " bytes");
            }
            long padded = (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
            if (text(header, 0, 100).equals(MEMBER)) {
                copy(tar, target, size);
                return;
            }
            tar.skipNBytes(padded);
        }
        throw new IOException(PACKAGE + " has no " + MEMBER);
    }

    private static void copy(InputStream from, Path target, long size) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream to = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            for (long left = size; left > 0; ) {
                int read = from.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException(PACKAGE + " ends " + left + " bytes early");
                }
                to.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    private static String text(byte[] header, int from, int length) {
        String text = new String(header, from, length, StandardCharsets.US_ASCII);
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).trim();
    }

    private static MessageDigest sha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("Every Java has SHA-512", impossible);
        }
    }

    private static Path npmPack(String packageName, Path folder) throws IOException, InterruptedException {
        Path output = folder.resolve("npm.log");
        Process npm = new ProcessBuilder("npm", "pack", packageName, "--pack-destination", folder.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        npm.getOutputStream().close();
        try {
            if (!npm.waitFor(FETCH_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("npm pack took more than " + FETCH_MINUTES + " minutes");
            }
        } finally {
            npm.destroyForcibly();
        }
        if (npm.exitValue() != 0) {
            throw new IOException(
                    "npm pack " + packageName + " ended with " + npm.exitValue() + ": " + Folders.tail(output));
        }
        try (var files = Files.list(folder)) {
            List<Path> tarballs =
                    files.filter(file -> file.toString().endsWith(".tgz")).toList();
            if (tarballs.size() != 1) {
                throw new IOException("npm pack left " + tarballs + " instead of one tarball");
            }
            return tarballs.get(0);
        }
    }
}
