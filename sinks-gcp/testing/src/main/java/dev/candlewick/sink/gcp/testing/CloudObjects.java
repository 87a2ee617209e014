package dev.candlewick.sink.gcp.testing;

import dev.candlewick.sink.gcp.testing.GoogleErrors.Failed;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What buckets hold. A change happens wholly or not at all, and only in the life of the server that it began in. Thread-safe. */
final class CloudObjects {

    /** The order of Cloud Storage, by the bytes of the names. */
    static final Comparator<String> BY_BYTES = (one, other) ->
            Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

    private final Clock clock;
    private final Map<String, NavigableMap<String, CloudObject>> buckets = new TreeMap<>();
    private long lastGeneration;
    private int life;

    CloudObjects(Clock clock) {
        this.clock = clock;
    }

    /** A page of a listing. */
    record Page(List<CloudObject> objects, List<String> prefixes, Optional<String> next) {}

    /** What must hold of an object for a request to be done, as its parameters say. */
    record Conditions(
            Optional<Long> generation,
            Optional<Long> notGeneration,
            Optional<Long> metageneration,
            Optional<Long> notMetageneration) {

        static final Conditions NONE =
                new Conditions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        static Conditions of(StorageRequest request) throws Failed {
            return new Conditions(
                    number(request, "ifGenerationMatch"),
                    number(request, "ifGenerationNotMatch"),
                    number(request, "ifMetagenerationMatch"),
                    number(request, "ifMetagenerationNotMatch"));
        }

        /** Judges an object; the status is 412, or 304 where somebody only asks whether it is another by now. */
        void require(Optional<CloudObject> object, int whenTheSame) throws Failed {
            long there = object.map(CloudObject::generation).orElse(0L);
            long meta = object.map(CloudObject::metageneration).orElse(0L);
            if ((generation.isPresent() && generation.get() != there)
                    || (metageneration.isPresent() && metageneration.get() != meta)) {
                throw GoogleErrors.of(412);
            }
            if ((notGeneration.isPresent() && notGeneration.get() == there)
                    || (notMetageneration.isPresent() && notMetageneration.get() == meta)) {
                throw GoogleErrors.of(whenTheSame);
            }
        }
    }

    static Optional<Long> number(StorageRequest request, String parameter) throws Failed {
        String text = request.parameter(parameter);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(text));
        } catch (NumberFormatException none) {
            throw GoogleErrors.invalid("Invalid value for " + parameter + ": " + text);
        }
    }

    synchronized int life() {
        return life;
    }

    /** Whatever is still being done from before has no effect any more. */
    synchronized void endLife() {
        life++;
    }

    synchronized boolean create(String bucket) {
        return buckets.putIfAbsent(bucket, new TreeMap<>(BY_BYTES)) == null;
    }

    synchronized boolean hasBucket(String bucket) {
        return buckets.containsKey(bucket);
    }

    synchronized List<String> buckets() {
        return List.copyOf(buckets.keySet());
    }

    synchronized Optional<CloudObject> find(String bucket, String name) throws Failed {
        return Optional.ofNullable(of(bucket).get(name));
    }

    synchronized CloudObject write(
            int inLife,
            String bucket,
            String name,
            StoredContent content,
            String contentType,
            Map<String, String> metadata,
            Optional<Integer> components,
            Conditions conditions)
            throws Failed {
        requireLife(inLife);
        NavigableMap<String, CloudObject> objects = of(bucket);
        conditions.require(Optional.ofNullable(objects.get(name)), 412);
        long now = clock.millis() * 1_000;
        lastGeneration = Math.max(lastGeneration + 1, now);
        CloudObject object = new CloudObject(
                bucket, name, lastGeneration, 1, content, clock.instant(), contentType, metadata, components);
        objects.put(name, object);
        return object;
    }

    synchronized void delete(int inLife, String bucket, String name, Optional<Long> generation, Conditions conditions)
            throws Failed {
        requireLife(inLife);
        NavigableMap<String, CloudObject> objects = of(bucket);
        CloudObject object = objects.get(name);
        if (object == null || (generation.isPresent() && generation.get() != object.generation())) {
            throw GoogleErrors.noObject(bucket, name);
        }
        conditions.require(Optional.of(object), 412);
        objects.remove(name);
    }

    /** A page; its token is the last name of the page, which is what the next one comes after. */
    synchronized Page list(String bucket, String prefix, String delimiter, String after, int most) throws Failed {
        List<CloudObject> objects = new ArrayList<>();
        TreeSet<String> prefixes = new TreeSet<>(BY_BYTES);
        NavigableMap<String, CloudObject> all = of(bucket);
        String from = after;
        for (CloudObject object : all.tailMap(prefix, true).values()) {
            if (!object.name().startsWith(prefix)) {
                break;
            }
            int end = delimiter.isEmpty() ? -1 : object.name().indexOf(delimiter, prefix.length());
            String shown = end < 0 ? object.name() : object.name().substring(0, end + delimiter.length());
            if ((!after.isEmpty() && BY_BYTES.compare(shown, after) <= 0) || prefixes.contains(shown)) {
                continue;
            }
            if (objects.size() + prefixes.size() == most) {
                return new Page(objects, List.copyOf(prefixes), Optional.of(from));
            }
            if (end < 0) {
                objects.add(object);
            } else {
                prefixes.add(shown);
            }
            from = shown;
        }
        return new Page(objects, List.copyOf(prefixes), Optional.empty());
    }

    private NavigableMap<String, CloudObject> of(String bucket) throws Failed {
        NavigableMap<String, CloudObject> objects = buckets.get(bucket);
        if (objects == null) {
            throw GoogleErrors.noBucket();
        }
        return objects;
    }

    private void requireLife(int inLife) throws Failed {
        if (inLife != life) {
            throw GoogleErrors.of(503);
        }
    }
}
