package dev.candlewick.testkit;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which branches of some packages have run, as JaCoCo's agent notes it in the classes themselves; nothing where there is no
 * such agent. For one thread.
 */
final class Coverage {

    private final List<boolean[]> branches;
    private int reached;
    private int all;

    private Coverage(List<boolean[]> branches) {
        this.branches = branches;
        for (boolean[] some : branches) {
            all += some.length;
        }
    }

    static Coverage of(List<Class<?>> packages) {
        List<boolean[]> branches = new ArrayList<>();
        for (Class<?> one : packages) {
            CodeSource source = one.getProtectionDomain().getCodeSource();
            try {
                Path root = Path.of(source.getLocation().toURI());
                Path classes = root.resolve(one.getPackageName().replace('.', '/'));
                if (Files.isDirectory(classes)) {
                    collect(classes, one, branches);
                }
            } catch (URISyntaxException | IOException unreadable) {
                throw new IllegalStateException("The classes beside " + one + " cannot be listed", unreadable);
            }
        }
        return new Coverage(branches);
    }

    private static void collect(Path classes, Class<?> beside, List<boolean[]> branches) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(classes, "*.class")) {
            for (Path file : files) {
                String simple = file.getFileName().toString().replace(".class", "");
                if (!simple.equals("package-info")) {
                    add(beside.getPackageName() + "." + simple, beside.getClassLoader(), branches);
                }
            }
        }
    }

    private static void add(String name, ClassLoader loader, List<boolean[]> branches) {
        try {
            Method noted = Class.forName(name, true, loader)
                    .getDeclaredMethod("$jacocoInit", MethodHandles.Lookup.class, String.class, Class.class);
            noted.setAccessible(true);
            boolean[] ran = (boolean[]) noted.invoke(null, null, null, null);
            Arrays.fill(ran, false); // what other targets reached is new to this one
            branches.add(ran);
        } catch (NoSuchMethodException notCounted) {
            // An interface without code, or no agent.
        } catch (ClassNotFoundException | IllegalAccessException | InvocationTargetException unexpected) {
            throw new IllegalStateException("What ran of " + name + " cannot be asked", unexpected);
        }
    }

    /** Whether more has run than when last asked. */
    boolean grown() {
        int before = reached;
        reached = 0;
        for (boolean[] some : branches) {
            for (boolean ran : some) {
                reached += ran ? 1 : 0;
            }
        }
        return reached > before;
    }

    @Override
    public String toString() {
        return all == 0 ? "unknown" : reached + " of " + all;
    }
}
