package dev.candlewick.sink.clickhouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineLibraryTest {

    @TempDir
    Path cache;

    private final AtomicInteger fetches = new AtomicInteger();

    @Test
    void thePackageIsFetchedOnceAndItsLibraryKept() throws Exception {
        byte[] tarball = tarball("package/readme", "package/libchdb.so");
        EngineLibrary library = new EngineLibrary(cache, giving(tarball), digest(tarball));
        Path file = library.cached(false);
        assertThat(file).hasContent("content of package/libchdb.so");
        assertThat(library.cached(true)).isEqualTo(file);
        assertThat(fetches).hasValue(1);
        assertThat(leftovers()).containsExactly("libchdb.so", "lock");
    }

    @Test
    void aPackageWithAnotherDigestIsNotUsed() throws Exception {
        byte[] tarball = tarball("package/libchdb.so");
        EngineLibrary library = new EngineLibrary(cache, giving(tarball), digest(tarball("package/other")));
        assertThatThrownBy(() -> library.cached(false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not what was published");
        assertThat(leftovers()).containsExactly("lock");
    }

    @Test
    void aPackageThatEndsEarlyIsNotUsed() throws Exception {
        byte[] tarball = tarball("package/libchdb.so");
        byte[] cut = Arrays.copyOf(tarball, tarball.length / 2);
        EngineLibrary library = new EngineLibrary(cache, giving(cut), digest(cut));
        assertThatThrownBy(() -> library.cached(false)).isInstanceOf(IOException.class);
        assertThat(leftovers()).containsExactly("lock");
    }

    @Test
    void nothingIsFetchedWhenThatIsForbiddenAndTheReasonIsGiven() throws Exception {
        EngineLibrary library = new EngineLibrary(cache, giving(new byte[0]), "");
        assertThatThrownBy(() -> library.cached(true))
                .isInstanceOf(EngineLibrary.NotHere.class)
                .hasMessageContaining("engines.fetch=false");
        assertThat(fetches).hasValue(0);
    }

    private EngineLibrary.Fetcher giving(byte[] tarball) {
        return (name, folder) -> {
            fetches.incrementAndGet();
            return Files.write(folder.resolve("package.tgz"), tarball);
        };
    }

    private java.util.List<String> leftovers() throws IOException {
        try (var files = Files.list(cache.resolve(EngineLibrary.VERSION))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String digest(byte[] bytes) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-512").digest(bytes));
    }

    private static byte[] tarball(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream tar = new GZIPOutputStream(bytes)) {
            for (String name : names) {
                byte[] content = ("content of " + name).getBytes(StandardCharsets.US_ASCII);
                byte[] header = new byte[512];
                put(header, 0, name);
                put(header, 124, String.format("%011o", content.length));
                tar.write(header);
                tar.write(Arrays.copyOf(content, 512));
            }
            tar.write(new byte[1_024]);
        }
        return bytes.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
