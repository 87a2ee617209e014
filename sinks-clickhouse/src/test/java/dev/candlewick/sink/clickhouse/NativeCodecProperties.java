package dev.candlewick.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.ContentHash;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.NumberTexts;
import dev.candlewick.testkit.NumberTexts.Form;
import dev.candlewick.testkit.Rows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NativeCodecProperties {

    private static final TimeRange DAY = TimeRange.day("2024-01-01");

    @Property(tries = 300)
    void whatIsEncodedIsDecodedExactly(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int rows)
            throws IOException {
        RandomRows random = new RandomRows(seed);
        Series series = random.series("events");
        Batch batch = random.batch(series, DAY, rows);
        byte[] block = block(series, batch);
        NativeDecoder decoder = new NativeDecoder(slowly(block, (int) (seed & 63) + 1));
        Batch decoded = decoder.next(series).orElseThrow();
        assertThat(ContentHash.of(series.schema(), List.of(decoded)))
                .isEqualTo(ContentHash.of(series.schema(), List.of(batch)));
        assertThat(Rows.of(List.of(decoded))).isEqualTo(Rows.of(List.of(batch)));
        assertThat(decoder.next(series)).isEmpty();
    }

    @Property(tries = 300)
    void aBlockCutAnywhereIsAnError(@ForAll long seed, @ForAll @IntRange(min = 1, max = 99) int percent)
            throws IOException {
        RandomRows random = new RandomRows(seed);
        Series series = random.series("events");
        byte[] block = block(series, random.batch(series, DAY, 20));
        int length = Math.max(1, block.length * percent / 100);
        NativeDecoder decoder = new NativeDecoder(new ByteArrayInputStream(Arrays.copyOf(block, length)));
        assertThatThrownBy(() -> decoder.next(series)).isInstanceOf(IOException.class);
    }

    @Property(tries = 300)
    void anyDamageGivesRowsOrAnErrorAndNeverHangs(@ForAll long seed, @ForAll int at, @ForAll byte damage)
            throws IOException {
        RandomRows random = new RandomRows(seed);
        Series series = random.series("events");
        byte[] block = block(series, random.batch(series, DAY, 20));
        block[Math.floorMod(at, block.length)] ^= damage;
        NativeDecoder decoder = new NativeDecoder(new ByteArrayInputStream(block));
        try {
            assertThat(decoder.next(series)).isPresent();
        } catch (IOException | IllegalArgumentException noticed) {
            assertThat(noticed).hasMessageMatching("(?s).+");
        }
    }

    @Property(tries = 10)
    void aServerKeepsEveryValueExactly(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int rows) {
        RandomRows random = new RandomRows(seed);
        Series series = random.series("e" + Long.toUnsignedString(seed));
        Batch batch = random.batch(series, DAY, rows);
        try (ClickHouseStore store = ClickHouseStore.at(Database.URL)) {
            store.write(Batches.of(series, DAY, List.of(batch), Provenance.none()));
            assertThat(Rows.hash(store, series, DAY)).isEqualTo(ContentHash.of(series.schema(), List.of(batch)));
            assertThat(store.series()).contains(series);
            assertThat(store.latest(series).orElseThrow().times().epochMicros(0))
                    .isEqualTo(batch.times().epochMicros(rows - 1));
        }
    }

    @Property(tries = 300)
    void idsHeldAsNumbersGiveTheBytesOfThoseHeldAsTexts(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5_000) int rows) {
        assertThat(block(NumberTexts.SERIES, NumberTexts.random(seed, rows, Form.NUMBERS)))
                .isEqualTo(block(NumberTexts.SERIES, NumberTexts.random(seed, rows, Form.DICTIONARY)));
    }

    @Test
    void noObjectIsMadeForAnId() {
        Batch ids = NumberTexts.random(1, 200_000, Form.NUMBERS);
        NativeEncoder encoder = new NativeEncoder();
        Bytes to = new Bytes(1 << 24);
        encoder.columns(List.of(ids), ids.rows(), to); // classes are loaded and room is made once
        to.clear();
        long bytes = NumberTexts.allocated(() -> {
            NativeEncoder.check(ids, 0);
            encoder.columns(List.of(ids), ids.rows(), to);
        });
        assertThat(bytes).isLessThan(1 << 20);
    }

    /** One for all tries, made when the first asks for it. */
    private static final class Database {
        static final String URL = ClickHouseServer.shared().freshDatabase();
    }

    private static byte[] block(Series series, Batch batch) {
        Bytes bytes = new Bytes(64);
        bytes.varint(series.schema().fields().size());
        bytes.varint(batch.rows());
        int half = batch.rows() / 2;
        new NativeEncoder()
                .columns(List.of(batch.slice(0, half), batch.slice(half, batch.rows())), batch.rows(), bytes);
        return Arrays.copyOf(bytes.array(), bytes.size());
    }

    /** A stream that gives a few bytes at a time, as sockets do. */
    private static InputStream slowly(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int from, int count) {
                return super.read(target, from, Math.min(count, most));
            }
        };
    }
}
