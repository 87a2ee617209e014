package dev.candlewick.sink.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A model of what a disk may hold after the power fails: file operations run for real, but for the slow forcing, and are
 * noted; at any moment the model can lay out a state that was possible then.
 *
 * <p>Bytes are certain once their file was forced, names once their directory was; of what came later each directory may
 * keep any first part, and each file its old bytes, none, or all.
 */
final class PowerCut implements FileOperations {

    /** What of the uncertain is kept. */
    enum Luck {
        NOTHING,
        NAMES_WITHOUT_BYTES,
        EVERYTHING,
        SOME
    }

    private static final class Bytes {
        final ByteArrayOutputStream now = new ByteArrayOutputStream();
        byte[] certain = {};
    }

    private record Change(String what, Path name, Bytes bytes, Path before) {}

    private final FileOperations real = FileOperations.ofTheSystem();
    private final Map<Path, Bytes> current = new HashMap<>();
    private final Map<Path, Bytes> certain = new LinkedHashMap<>();
    private final Set<Path> certainDirectories = new LinkedHashSet<>();
    private final Map<Path, List<Change>> uncertain = new LinkedHashMap<>();
    private final Path root;

    PowerCut(Path root) {
        this.root = root;
        certainDirectories.add(root);
    }

    Path root() {
        return root;
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        real.createDirectory(directory);
        change(directory, new Change("mkdir", directory, new Bytes(), directory));
    }

    @Override
    public NewFile create(Path file) throws IOException {
        NewFile opened = real.create(file);
        Bytes bytes = new Bytes();
        current.put(file, bytes);
        change(file, new Change("link", file, bytes, file));
        return new NewFile() {
            @Override
            public void write(int octet) throws IOException {
                opened.write(octet);
                bytes.now.write(octet);
            }

            @Override
            public void write(byte[] source, int from, int count) throws IOException {
                opened.write(source, from, count);
                bytes.now.write(source, from, count);
            }

            @Override
            void force() throws IOException {
                bytes.certain = bytes.now.toByteArray();
            }

            @Override
            public void close() throws IOException {
                opened.close();
            }
        };
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        real.move(from, to);
        Bytes bytes = current.remove(from);
        current.put(to, bytes);
        change(to, new Change("move", to, bytes, from));
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        for (Change change : uncertain.getOrDefault(directory, List.of())) {
            apply(change, certain, certainDirectories);
        }
        uncertain.remove(directory);
    }

    @Override
    public void delete(Path file) throws IOException {
        real.delete(file);
        Bytes bytes = current.remove(file);
        if (bytes != null) {
            change(file, new Change("unlink", file, bytes, file));
        }
    }

    private void change(Path file, Change change) {
        uncertain.computeIfAbsent(file.getParent(), unseen -> new ArrayList<>()).add(change);
    }

    private static void apply(Change change, Map<Path, Bytes> files, Set<Path> directories) {
        switch (change.what()) {
            case "mkdir" -> directories.add(change.name());
            case "link" -> files.put(change.name(), change.bytes());
            case "unlink" -> files.remove(change.name());
            default -> {
                files.remove(change.before());
                files.put(change.name(), change.bytes());
            }
        }
    }

    /** Lays out, in an empty directory, what the disk may hold if the power fails now. */
    void layOut(Path target, Luck luck, Random random) throws IOException {
        Map<Path, Bytes> files = new LinkedHashMap<>(certain);
        Set<Path> directories = new LinkedHashSet<>(certainDirectories);
        for (List<Change> changes : uncertain.values()) {
            int kept = switch (luck) {
                case NOTHING -> 0;
                case SOME -> random.nextInt(changes.size() + 1);
                default -> changes.size();
            };
            changes.subList(0, kept).forEach(change -> apply(change, files, directories));
        }
        for (Path directory : directories) {
            if (reaches(directory, directories)) {
                Files.createDirectories(target.resolve(root.relativize(directory)));
            }
        }
        for (Map.Entry<Path, Bytes> file : files.entrySet()) {
            if (reaches(file.getKey().getParent(), directories)) {
                boolean all = luck == Luck.EVERYTHING || (luck == Luck.SOME && random.nextBoolean());
                Bytes bytes = file.getValue();
                Files.write(
                        target.resolve(root.relativize(file.getKey())), all ? bytes.now.toByteArray() : bytes.certain);
            }
        }
    }

    private boolean reaches(Path directory, Set<Path> directories) {
        return directory.equals(root)
                || (directories.contains(directory) && reaches(directory.getParent(), directories));
    }
}
