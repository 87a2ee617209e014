package dev.candlewick.csv;

import dev.candlewick.Corrupt;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The columns of a file.
 *
 * @param names in their order
 * @param isLine whether the file's first line says so, rather than its layout
 * @param places where each stands
 */
record CsvHeader(List<String> names, boolean isLine, Map<String, Integer> places, String file) {

    private static final int SHOWN = 300;

    static CsvHeader of(String firstLine, CsvLayout layout, String file) {
        List<String> found = Arrays.stream(firstLine.strip().split(",", -1))
                .map(name -> name.replace("\"", "").strip())
                .toList();
        List<String> known = layout.columns();
        if (known == null) {
            return of(found, true, file).checked(layout);
        }
        boolean isLine =
                !found.get(0).isEmpty() && Character.isLetter(found.get(0).charAt(0));
        if (isLine && !lower(found).equals(lower(known))) {
            throw new Corrupt(file + " has columns " + shown(found) + ", not " + known);
        }
        return of(known, isLine, file).checked(layout);
    }

    private static CsvHeader of(List<String> names, boolean isLine, String file) {
        return new CsvHeader(names, isLine, CsvLayout.places(names), file);
    }

    /** Where the column stands. */
    int cell(String name) {
        Integer place = places.get(name);
        if (place == null) {
            throw new Corrupt(file + " has no column '" + name + "'; it has " + shown(names));
        }
        if (Collections.frequency(names, name) > 1) {
            throw new Corrupt(file + " has several columns '" + name + "'; it has " + shown(names));
        }
        return place;
    }

    private CsvHeader checked(CsvLayout layout) {
        for (CsvLayout.Feed feed : layout.feeds()) {
            if (!feed.header().isEmpty()) {
                cell(feed.header());
            }
        }
        layout.constants().keySet().forEach(this::cell);
        layout.wanted().keySet().forEach(this::cell);
        return this;
    }

    private static List<String> lower(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    private static String shown(List<String> names) {
        String all = names.toString();
        return all.length() > SHOWN ? all.substring(0, SHOWN) + "…" : all;
    }
}
