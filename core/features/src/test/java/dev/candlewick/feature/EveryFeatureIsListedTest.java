package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A feature whose line was forgotten would be a class that nobody uses. */
class EveryFeatureIsListedTest {

    @Test
    void everyClassOfFeaturesHasItsLine() throws IOException, URISyntaxException {
        HftSettings.Builder settings = HftSettings.builder().vpinVolume(BigDecimal.TEN);
        Set<Class<?>> listed = Stream.of(
                        settings.build(),
                        settings.bulkVpin(Duration.ofSeconds(15)).build())
                .flatMap(each -> HftFeatureList.of(each).stream())
                .map(Feature::getClass)
                .collect(Collectors.toSet());
        assertThat(names(listed)).isEqualTo(names(classesOf(Feature.class))).hasSizeGreaterThan(15);
    }

    @Test
    void everyClassOfIndicatorsHasItsLine() throws IOException, URISyntaxException {
        Set<String> listed = Stream.of(IndicatorSet.MFT, IndicatorSet.LIVE)
                .flatMap(set -> set.indicators().stream())
                .map(each ->
                        each.begin().getClass().getName()) // a lambda is named after the class that it is written in
                .map(name -> name.substring(name.lastIndexOf('.', name.indexOf('$')) + 1, name.indexOf('$')))
                .collect(Collectors.toCollection(TreeSet::new));
        List<Class<?>> making = classesOf(Object.class).stream()
                .filter(each -> each != Indicator.class
                        && Stream.of(each.getDeclaredMethods())
                                .anyMatch(method -> !method.isSynthetic()
                                        && Modifier.isStatic(method.getModifiers())
                                        && method.getReturnType() == Indicator.class))
                .collect(Collectors.toList());
        assertThat(listed).isEqualTo(names(making)).hasSizeGreaterThan(10);
    }

    private static Set<String> names(Iterable<Class<?>> classes) {
        Set<String> names = new TreeSet<>();
        classes.forEach(each -> names.add(each.getSimpleName()));
        return names;
    }

    /** Every class of this package that can be one of a kind. */
    private static List<Class<?>> classesOf(Class<?> kind) throws IOException, URISyntaxException {
        Path compiled = Path.of(Feature.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve(Feature.class.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(compiled)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> named(Feature.class.getPackageName() + "." + name.substring(0, name.length() - 6)))
                    .filter(each -> kind.isAssignableFrom(each) && !Modifier.isAbstract(each.getModifiers()))
                    .collect(Collectors.toList());
        }
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name, false, EveryFeatureIsListedTest.class.getClassLoader());
        } catch (ClassNotFoundException gone) {
            throw new IllegalStateException(gone);
        }
    }
}
