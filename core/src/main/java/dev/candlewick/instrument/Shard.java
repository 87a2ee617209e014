package dev.candlewick.instrument;

import dev.candlewick.Series;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One worker's share of the instruments: of {@code total} shards every name belongs to exactly one, on every machine and
 * in every version.
 *
 * <pre>{@code
 * Shard mine = Shard.fromEnvironment(System.getenv(), 60).orElse(Shard.all());
 * List<Instrument> work = catalog.instruments().stream().filter(mine::takes).toList();
 * }</pre>
 *
 * <p>A name belongs to shard {@code hash(name) mod total}, where the hash is the 64-bit FNV-1a of the name's UTF-8 bytes,
 * finished with the mixer of MurmurHash3 ({@code fmix64}) because the low bits of FNV alone are not even, and taken as
 * unsigned. {@code BINANCE:SPOT_PAIR:BTC-USDT} hashes to {@code f66cddd954cd8725}. This never changes.
 *
 * @param index which share, from 0
 * @param total how many shares there are
 */
public record Shard(int index, int total) {

    private record Variables(String index, Optional<String> total) {}

    // Kubernetes sets no count: the job's author passes it on.
    private static final List<Variables> VARIABLES = List.of(
            new Variables("SHARD_INDEX", Optional.of("TOTAL_SHARDS")),
            new Variables("JOB_COMPLETION_INDEX", Optional.empty()),
            new Variables("AWS_BATCH_JOB_ARRAY_INDEX", Optional.of("AWS_BATCH_JOB_ARRAY_SIZE")),
            new Variables("BATCH_TASK_INDEX", Optional.of("BATCH_TASK_COUNT")),
            new Variables("CLOUD_RUN_TASK_INDEX", Optional.of("CLOUD_RUN_TASK_COUNT")));

    private static final String TOTAL = "TOTAL_SHARDS";

    /** Checks that the index is one of the shares. */
    public Shard {
        if (total < 1 || index < 0 || index >= total) {
            throw new IllegalArgumentException(
                    "There is no shard " + index + " of " + total + "; shards are counted from 0 to total - 1");
        }
    }

    /** The share of that index out of so many. */
    public static Shard of(int index, int total) {
        return new Shard(index, total);
    }

    /** Everything: the only share of one. */
    public static Shard all() {
        return new Shard(0, 1);
    }

    /**
     * The share that an array job gives this process: the index from {@code SHARD_INDEX}, {@code JOB_COMPLETION_INDEX}
     * (Kubernetes), {@code AWS_BATCH_JOB_ARRAY_INDEX}, {@code BATCH_TASK_INDEX} (Google Batch) or
     * {@code CLOUD_RUN_TASK_INDEX}, the first that is set; the count from {@code TOTAL_SHARDS} or, where that is not set,
     * the same service's own variable. Empty when no index is set; a variable without text is not set.
     *
     * @param environment usually {@link System#getenv()}
     * @throws IllegalArgumentException when an index is set and the count is not known, or either is not a number that
     *     makes sense
     */
    public static Optional<Shard> fromEnvironment(Map<String, String> environment) {
        return variables(environment).map(set -> {
            Optional<String> counted = Optional.of(TOTAL)
                    .filter(variable -> isSet(environment, variable))
                    .or(() -> set.total().filter(variable -> isSet(environment, variable)));
            String count = counted.orElseThrow(() -> new IllegalArgumentException(set.index()
                    + " says which shard this is, but not of how many; set " + TOTAL + " or pass the count"));
            return of(number(environment, set.index()), number(environment, count));
        });
    }

    /** As {@link #fromEnvironment(Map)}, of a count that is known already. */
    public static Optional<Shard> fromEnvironment(Map<String, String> environment, int total) {
        return variables(environment).map(set -> of(number(environment, set.index()), total));
    }

    /** Whether the name belongs to this share. Names are compared as they are: use canonical keys. */
    public boolean takes(String name) {
        return Long.remainderUnsigned(hash(name), total) == index;
    }

    /** Whether the key belongs to this share: as {@link #takes(String)} of its canonical text. */
    public boolean takes(InstrumentKey key) {
        return takes(key.toString());
    }

    /** Whether the instrument belongs to this share: as that of its key. */
    public boolean takes(Instrument instrument) {
        return takes(instrument.key());
    }

    /** Whether the series belongs to this share: as its subject does, so that one worker has all data of an instrument. */
    public boolean takes(Series series) {
        return takes(series.subject().toString());
    }

    static long hash(String name) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }

    private static Optional<Variables> variables(Map<String, String> environment) {
        return VARIABLES.stream()
                .filter(each -> isSet(environment, each.index()))
                .findFirst();
    }

    /** A template leaves variables empty that it has no value for. */
    private static boolean isSet(Map<String, String> environment, String variable) {
        return !environment.getOrDefault(variable, "").isBlank();
    }

    private static int number(Map<String, String> environment, String variable) {
        String value = Objects.requireNonNull(environment.get(variable));
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException(variable + " is '" + value + "', not a whole number", noNumber);
        }
    }

    /** {@code 3/60}: the fourth of sixty. */
    @Override
    public String toString() {
        return index + "/" + total;
    }
}
