package dev.candlewick.sink.parquet.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Cancelled;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectListing;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.objects.ObjectVersion;
import dev.candlewick.sink.parquet.objects.Precondition;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ObjectStorage} must do under a Parquet store. Extend it, say how an empty storage is opened, and run
 * it as a JUnit test.
 */
public abstract class ObjectStorageContract {

    private static final String NAME = "dataset=candles%3A1m/venue=BINANCE/2024-01.parquet";

    private ObjectStorage storage;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // JUnit calls openBefore first
    protected ObjectStorageContract() {}

    /** Opens a storage that holds nothing; it is closed after the test. */
    protected abstract ObjectStorage openStorage() throws Exception;

    /** More objects than the storage lists in one page. A storage that can be told to have smaller pages needs fewer. */
    protected int moreThanAPage() {
        return 1_001;
    }

    /** The length of an object that the storage uploads in several requests. */
    protected int largeBytes() {
        return 20 << 20;
    }

    /** Opens the storage. */
    @BeforeEach
    final void openBefore() throws Exception {
        storage = openStorage();
    }

    /** Closes the storage. */
    @AfterEach
    final void closeAfter() {
        storage.close();
    }

    @Test
    void whatWasWrittenIsReadBack() {
        ObjectHead written = create(NAME, "rows").orElseThrow();
        assertThat(written.name()).isEqualTo(NAME);
        assertThat(written.bytes()).isEqualTo(4);
        assertSame(storage.head(NAME), written);
        ObjectPart part = storage.read(NAME, Optional.empty(), 0, 100).orElseThrow();
        assertThat(text(part)).isEqualTo("rows");
        assertThat(part.head().version()).isEqualTo(written.version());
        assertThat(part.offset()).isZero();
    }

    @Test
    void ofWhatWasNeverWrittenThereIsNothing() {
        assertThat(storage.head(NAME)).isEmpty();
        assertThat(storage.read(NAME, Optional.empty(), 0, 10)).isEmpty();
        assertThat(storage.read(
                        NAME, Optional.of(create("other", "x").orElseThrow().version()), 0, 10))
                .isEmpty();
        assertThat(storage.readEnd(NAME, 10)).isEmpty();
        assertThat(storage.list("dataset=none/")).isEqualTo(new ObjectListing(List.of(), List.of()));
    }

    @Test
    void whatIsThereIsNotCreatedAgain() {
        ObjectHead first = create(NAME, "first").orElseThrow();
        assertThat(create(NAME, "other")).isEmpty();
        assertThat(create(NAME, "longer than first")).isEmpty();
        assertSame(storage.head(NAME), first);
        assertThat(content(NAME)).isEqualTo("first");
    }

    @Test
    void aVersionIsReplacedOnce() {
        ObjectVersion old = create(NAME, "old").orElseThrow().version();
        ObjectHead replaced = replace(NAME, "new", old).orElseThrow();
        assertThat(replaced.version()).isNotEqualTo(old);
        assertSame(storage.head(NAME), replaced);
        assertThat(replace(NAME, "late", old)).isEmpty();
        assertThat(content(NAME)).isEqualTo("new");
    }

    @Test
    void replacingWhatIsGoneWritesNothing() {
        ObjectVersion gone = create(NAME, "gone").orElseThrow().version();
        assertThat(storage.delete(NAME, gone)).isTrue();
        assertThat(replace(NAME, "new", gone)).isEmpty();
        assertThat(storage.head(NAME)).isEmpty();
    }

    @Test
    void everyReplacementOfManyHasAVersionOfItsOwn() {
        List<ObjectVersion> versions = new ArrayList<>();
        versions.add(create(NAME, "0000").orElseThrow().version());
        for (int i = 1; i <= 50; i++) {
            ObjectVersion last = versions.get(versions.size() - 1);
            versions.add(
                    replace(NAME, String.format("%04d", i), last).orElseThrow().version());
        }
        assertThat(versions).doesNotHaveDuplicates();
        assertThat(replace(NAME, "late", versions.get(49))).isEmpty();
        assertThat(content(NAME)).isEqualTo("0050");
    }

    @Test
    void theSameCreatedAgainAsAfterALostAnswerIsASuccess() {
        ObjectHead first = create(NAME, "same").orElseThrow();
        assertSame(create(NAME, "same"), first);
    }

    @Test
    void theSameReplacementAgainAsAfterALostAnswerIsASuccess() {
        ObjectVersion old = create(NAME, "old").orElseThrow().version();
        ObjectHead replaced = replace(NAME, "new", old).orElseThrow();
        assertThat(replace(NAME, "new", old)).map(ObjectHead::version).contains(replaced.version());
        assertThat(content(NAME)).isEqualTo("new");
    }

    @Test
    void aVersionIsDeletedAndStaysSo() {
        ObjectVersion version = create(NAME, "x").orElseThrow().version();
        assertThat(storage.delete(NAME, version)).isTrue();
        assertThat(storage.head(NAME)).isEmpty();
        assertThat(storage.read(NAME, Optional.of(version), 0, 1)).isEmpty();
        assertThat(storage.readEnd(NAME, 1)).isEmpty();
        assertThat(storage.list("")).isEqualTo(new ObjectListing(List.of(), List.of()));
        assertThat(storage.delete(NAME, version)).as("again").isTrue();
    }

    @Test
    void anotherVersionIsNotDeleted() {
        ObjectVersion old = create(NAME, "old").orElseThrow().version();
        swap(NAME, "new", old);
        assertThat(storage.delete(NAME, old)).isFalse();
        assertThat(content(NAME)).isEqualTo("new");
    }

    @Test
    void whatWasDeletedCanBeCreatedAgain() {
        ObjectVersion first = create(NAME, "first").orElseThrow().version();
        storage.delete(NAME, first);
        ObjectHead second = create(NAME, "other").orElseThrow();
        assertThat(second.version()).isNotEqualTo(first);
        assertThat(storage.delete(NAME, first)).isFalse();
        assertThat(content(NAME)).isEqualTo("other");
    }

    @Test
    void aStretchIsReadAndClippedAtTheEnd() {
        ObjectVersion version = create(NAME, "0123456789").orElseThrow().version();
        assertThat(text(storage.read(NAME, Optional.of(version), 3, 4).orElseThrow()))
                .isEqualTo("3456");
        ObjectPart last = storage.read(NAME, Optional.of(version), 8, 1_000).orElseThrow();
        assertThat(text(last)).isEqualTo("89");
        assertThat(last.offset()).isEqualTo(8);
        assertThat(last.head().bytes()).isEqualTo(10);
        assertThat(text(storage.read(NAME, Optional.empty(), 9, 1).orElseThrow()))
                .isEqualTo("9");
    }

    @Test
    void aStretchBehindTheEndIsEmpty() {
        ObjectVersion version = create(NAME, "0123456789").orElseThrow().version();
        ObjectPart behind = storage.read(NAME, Optional.of(version), 10, 5).orElseThrow();
        assertThat(behind.bytes()).isEmpty();
        assertThat(behind.head().bytes()).isEqualTo(10);
        assertThat(storage.read(NAME, Optional.empty(), 1_000, 5).orElseThrow().bytes())
                .isEmpty();
    }

    @Test
    void aStretchOfAVersionThatWasReplacedIsNotThereAnyMore() {
        ObjectVersion old = create(NAME, "old").orElseThrow().version();
        ObjectVersion now = replace(NAME, "new", old).orElseThrow().version();
        assertThat(storage.read(NAME, Optional.of(old), 0, 3)).isEmpty();
        assertThat(text(storage.read(NAME, Optional.of(now), 0, 3).orElseThrow()))
                .isEqualTo("new");
    }

    @Test
    void theEndIsRead() {
        ObjectHead head = create(NAME, "0123456789").orElseThrow();
        ObjectPart end = storage.readEnd(NAME, 4).orElseThrow();
        assertThat(text(end)).isEqualTo("6789");
        assertThat(end.offset()).isEqualTo(6);
        assertThat(end.head().bytes()).isEqualTo(10);
        assertThat(end.head().version()).isEqualTo(head.version());
    }

    @Test
    void theEndOfAShorterObjectIsAllOfIt() {
        create(NAME, "0123456789");
        ObjectPart end = storage.readEnd(NAME, 1 << 16).orElseThrow();
        assertThat(text(end)).isEqualTo("0123456789");
        assertThat(end.offset()).isZero();
    }

    @Test
    void noBytesAtAllCanBeRead() {
        assertThat(storage.readEnd(NAME, 0)).isEmpty();
        assertThat(storage.read(NAME, Optional.empty(), 0, 0)).isEmpty();
        for (String content : List.of("", "0123456789")) {
            String name = "of/" + content.length();
            ObjectHead head = create(name, content).orElseThrow();
            ObjectPart end = storage.readEnd(name, 0).orElseThrow();
            assertThat(end.bytes()).isEmpty();
            assertThat(end.offset()).isEqualTo(content.length());
            assertThat(end.head().version()).isEqualTo(head.version());
            ObjectPart start =
                    storage.read(name, Optional.of(head.version()), 0, 0).orElseThrow();
            assertThat(start.bytes()).isEmpty();
            assertThat(start.offset()).isZero();
            assertThat(start.head().bytes()).isEqualTo(content.length());
        }
    }

    @Test
    void anEmptyObjectIsAnObject() {
        ObjectHead empty = create(NAME, "").orElseThrow();
        assertThat(empty.bytes()).isZero();
        assertSame(storage.head(NAME), empty);
        assertThat(storage.read(NAME, Optional.of(empty.version()), 0, 10)
                        .orElseThrow()
                        .bytes())
                .isEmpty();
        assertThat(storage.readEnd(NAME, 10).orElseThrow().bytes()).isEmpty();
        assertThat(create(NAME, "x")).isEmpty();
        swap(NAME, "full", empty.version());
        assertThat(content(NAME)).isEqualTo("full");
    }

    @Test
    void objectsOfMegabytesComeBackByteByByte() {
        for (int length : new int[] {(5 << 20) + 7, largeBytes() + 13}) {
            byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            String name = "large/" + length;
            ObjectHead head = storage.write(name, ObjectBytes.of(bytes), Precondition.absent())
                    .orElseThrow();
            assertThat(head.bytes()).isEqualTo(length);
            ObjectPart whole =
                    storage.read(name, Optional.of(head.version()), 0, length).orElseThrow();
            assertThat(Arrays.equals(whole.bytes(), bytes)).isTrue();
            ObjectPart middle = storage.read(name, Optional.of(head.version()), 3 << 20, 1 << 20)
                    .orElseThrow();
            assertThat(Arrays.equals(middle.bytes(), Arrays.copyOfRange(bytes, 3 << 20, 4 << 20)))
                    .isTrue();
            ObjectPart end = storage.readEnd(name, 1 << 16).orElseThrow();
            assertThat(Arrays.equals(end.bytes(), Arrays.copyOfRange(bytes, length - (1 << 16), length)))
                    .isTrue();
            assertThat(storage.write(name, ObjectBytes.of(bytes), Precondition.absent()))
                    .as("written again")
                    .isPresent();
            bytes[length / 2] ^= 1;
            assertThat(storage.write(name, ObjectBytes.of(bytes), Precondition.absent()))
                    .as("one bit differs")
                    .isEmpty();
        }
    }

    @Test
    void largeObjectsAreReplacedUnderTheSameConditionAsSmallOnes() {
        ObjectVersion old = create(NAME, "small").orElseThrow().version();
        byte[] large = new byte[largeBytes()];
        ObjectVersion now = storage.write(NAME, ObjectBytes.of(large), Precondition.unchangedSince(old))
                .orElseThrow()
                .version();
        large[0] = 1;
        assertThat(storage.write(NAME, ObjectBytes.of(large), Precondition.unchangedSince(old)))
                .isEmpty();
        assertThat(storage.head(NAME).orElseThrow().version()).isEqualTo(now);
    }

    @Test
    void contentIsAskedForFromTheStartHoweverOften() {
        AtomicInteger opened = new AtomicInteger();
        byte[] bytes = "again".getBytes(StandardCharsets.UTF_8);
        ObjectBytes content = new ObjectBytes() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                opened.incrementAndGet();
                return new ByteArrayInputStream(bytes);
            }
        };
        assertThat(storage.write(NAME, content, Precondition.absent())).isPresent();
        assertThat(storage.write(NAME, content, Precondition.absent())).isPresent();
        assertThat(opened.get()).isPositive();
        assertThat(content(NAME)).isEqualTo("again");
    }

    @Test
    void aListingHasWhatLiesDirectlyBelow() {
        for (String name : List.of("b/2.parquet", "b/1.parquet", "b/c/3.parquet", "b/d/e/4.parquet", "top", "bb/5")) {
            put(name, name);
        }
        ObjectListing top = storage.list("");
        assertThat(top.objects()).extracting(ObjectHead::name).containsExactly("top");
        assertThat(top.prefixes()).containsExactly("b/", "bb/");
        ObjectListing below = storage.list("b/");
        assertThat(below.objects()).extracting(ObjectHead::name).containsExactly("b/1.parquet", "b/2.parquet");
        assertThat(below.prefixes()).containsExactly("b/c/", "b/d/");
        assertThat(storage.list("b/d/").prefixes()).containsExactly("b/d/e/");
        assertThat(storage.list("b/d/e/").objects()).hasSize(1);
    }

    @Test
    void aListingSaysOfEachObjectWhatAskingForItSays() {
        put("a/1", "one");
        ObjectVersion old = create("a/2", "two").orElseThrow().version();
        swap("a/2", "three", old);
        for (ObjectHead listed : storage.list("a/").objects()) {
            ObjectHead head = storage.head(listed.name()).orElseThrow();
            assertThat(listed.version()).isEqualTo(head.version());
            assertThat(listed.bytes()).isEqualTo(head.bytes());
        }
    }

    @Test
    void aListingOfManyPagesIsComplete() throws Exception {
        int count = moreThanAPage();
        List<Callable<Optional<ObjectHead>>> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = String.format("many/%05d", i);
            writes.add(() -> create(name, "x"));
        }
        writes.add(() -> create("many/below/x", "x"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (Future<Optional<ObjectHead>> written : threads.invokeAll(writes)) {
                assertThat(written.get()).isPresent();
            }
        } finally {
            threads.shutdownNow();
        }
        ObjectListing listing = storage.list("many/");
        assertThat(listing.objects())
                .extracting(ObjectHead::name)
                .isEqualTo(IntStream.range(0, count)
                        .mapToObj(i -> String.format("many/%05d", i))
                        .toList());
        assertThat(listing.prefixes()).containsExactly("many/below/");
    }

    @Test
    void namesAreTakenAsTheyAre() {
        List<String> names = List.of(
                "code=币安人生-USDT/2024-01.parquet",
                "a b/c d",
                "a%20b/c%2Fd",
                "a+b/c&d=e?f#g",
                "é/e\u0301",
                "emoji 😀/x",
                "(a)/[b]/{c}/'d'/!e",
                "~hash~/@x:y,z;w",
                "UPPER/lower/UpPeR");
        for (String name : names) {
            assertThat(create(name, name)).as(name).isPresent();
        }
        for (String name : names) {
            assertThat(content(name)).isEqualTo(name);
            assertThat(storage.head(name).orElseThrow().name()).isEqualTo(name);
            String directory = name.substring(0, name.lastIndexOf('/') + 1);
            assertThat(storage.list(directory).objects())
                    .as("below %s", directory)
                    .extracting(ObjectHead::name)
                    .contains(name);
        }
        assertThat(storage.list("").prefixes())
                .containsExactlyInAnyOrder(
                        "code=币安人生-USDT/", "a b/", "a%20b/", "a+b/", "é/", "emoji 😀/", "(a)/", "~hash~/", "UPPER/");
        for (String name : names) {
            assertThat(storage.delete(name, storage.head(name).orElseThrow().version()))
                    .as(name)
                    .isTrue();
            assertThat(storage.head(name)).as(name).isEmpty();
        }
    }

    @Test
    void namesThatLeaveTheStorageAreRefused() {
        for (String name : List.of(
                "", "/", "/a", "a/", "..", "../a", "a/../../b", "a/..", "a//b", ".", "a/./b", "a\nb", "a\0b", "a\rb")) {
            assertThatThrownBy(() -> storage.head(name))
                    .as("head '%s'", name)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> storage.read(name, Optional.empty(), 0, 1))
                    .as("read '%s'", name)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> storage.readEnd(name, 1))
                    .as("read the end of '%s'", name)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> create(name, "x"))
                    .as("write '%s'", name)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> storage.delete(name, new ObjectVersion("1")))
                    .as("delete '%s'", name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String prefix : List.of("a", "/", "../", "a//", "a/../../")) {
            assertThatThrownBy(() -> storage.list(prefix))
                    .as("list '%s'", prefix)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(storage.list("")).isEqualTo(new ObjectListing(List.of(), List.of()));
    }

    @Test
    void ofManyCreatorsAtOnceExactlyOneWins() throws Exception {
        for (int round = 0; round < 5; round++) {
            String name = "race/" + round;
            List<Optional<ObjectHead>> outcomes = race(8, writer -> create(name, "writer " + writer));
            assertThat(outcomes).filteredOn(Optional::isPresent).hasSize(1);
            int winner = IntStream.range(0, 8)
                    .filter(writer -> outcomes.get(writer).isPresent())
                    .findFirst()
                    .orElseThrow();
            assertThat(content(name)).isEqualTo("writer " + winner);
        }
    }

    @Test
    void ofManyWhoReplaceAVersionAtOnceExactlyOneWins() throws Exception {
        for (int round = 0; round < 5; round++) {
            String name = "race/" + round;
            ObjectVersion old = create(name, "old").orElseThrow().version();
            List<Optional<ObjectHead>> outcomes = race(8, writer -> replace(name, "writer " + writer, old));
            assertThat(outcomes).filteredOn(Optional::isPresent).hasSize(1);
        }
    }

    @Test
    void ofOneWhoDeletesAndOneWhoReplacesAVersionOneWins() throws Exception {
        for (int round = 0; round < 10; round++) {
            String name = "race/" + round;
            ObjectVersion old = create(name, "old").orElseThrow().version();
            List<Boolean> outcomes = race(
                    2,
                    writer -> writer == 0
                            ? storage.delete(name, old)
                            : replace(name, "new", old).isPresent());
            assertThat(outcomes).containsExactlyInAnyOrder(true, false);
            assertThat(storage.head(name).isPresent()).isEqualTo(outcomes.get(1));
        }
    }

    @Test
    void aReaderBesideReplacementsSeesWholeObjects() throws Exception {
        put(NAME, "a".repeat(100_000));
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<?> replacing = threads.submit(() -> {
                for (int i = 0; i < 30; i++) {
                    String content = (i % 2 == 0 ? "b" : "a").repeat(i % 2 == 0 ? 150_000 : 100_000);
                    swap(NAME, content, storage.head(NAME).orElseThrow().version());
                }
            });
            int reads = 0;
            while (!replacing.isDone() || reads < 3) {
                ObjectPart part =
                        storage.read(NAME, Optional.empty(), 0, 1 << 20).orElseThrow();
                assertThat(text(part)).isIn("a".repeat(100_000), "b".repeat(150_000));
                assertThat(part.bytes()).hasSize((int) part.head().bytes());
                reads++;
            }
            replacing.get();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anInterruptedThreadIsToldSoAndStaysInterrupted() {
        put(NAME, "x");
        Thread.currentThread().interrupt();
        try {
            storage.read(NAME, Optional.empty(), 0, 1);
        } catch (Cancelled ended) {
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(content(NAME)).as("afterwards all goes on").isEqualTo("x");
    }

    @Test
    void itsNameTellsItFromOthers() {
        assertThat(storage.name()).isNotBlank().contains(":");
        assertThat(storage.toString()).doesNotContain("@");
    }

    // Not by the time: what answers a write may say the second after the one that a listing says.
    private static void assertSame(Optional<ObjectHead> actual, ObjectHead expected) {
        assertThat(actual).map(ObjectHead::name).contains(expected.name());
        assertThat(actual).map(ObjectHead::version).contains(expected.version());
        assertThat(actual).map(ObjectHead::bytes).contains(expected.bytes());
    }

    private interface Racer<T> {
        T run(int number) throws Exception;
    }

    private static <T> List<T> race(int count, Racer<T> racer) throws Exception {
        CyclicBarrier together = new CyclicBarrier(count);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<T>> racing = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                racing.add(threads.submit(() -> {
                    together.await();
                    return racer.run(number);
                }));
            }
            List<T> outcomes = new ArrayList<>();
            for (Future<T> each : racing) {
                outcomes.add(each.get());
            }
            return outcomes;
        } finally {
            threads.shutdownNow();
        }
    }

    private void put(String name, String content) {
        assertThat(create(name, content)).as(name).isPresent();
    }

    private void swap(String name, String content, ObjectVersion version) {
        assertThat(replace(name, content, version)).as(name).isPresent();
    }

    private Optional<ObjectHead> create(String name, String content) {
        return storage.write(name, bytes(content), Precondition.absent());
    }

    private Optional<ObjectHead> replace(String name, String content, ObjectVersion version) {
        return storage.write(name, bytes(content), Precondition.unchangedSince(version));
    }

    private String content(String name) {
        return text(storage.read(name, Optional.empty(), 0, 1 << 20).orElseThrow());
    }

    private static ObjectBytes bytes(String text) {
        return ObjectBytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ObjectPart part) {
        return new String(part.bytes(), StandardCharsets.UTF_8);
    }
}
