package dev.candlewick.source.binance;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The names that somebody may have meant. */
final class NearMatches {

    private static final int SHOWN = 5;
    private static final int FARTHEST = 3;

    private NearMatches() {}

    /** Up to five names within three edits, nearest first. */
    static List<String> of(String wrong, Collection<String> names) {
        record Match(String name, int distance) {}
        return names.stream()
                .distinct()
                .filter(name -> Math.abs(name.length() - wrong.length()) <= FARTHEST)
                .map(name -> new Match(name, distance(wrong, name)))
                .filter(match -> match.distance <= FARTHEST)
                .sorted(Comparator.comparingInt(Match::distance).thenComparing(Match::name))
                .limit(SHOWN)
                .map(Match::name)
                .toList();
    }

    /** Insertions, deletions and replacements of characters that turn one into the other (Levenshtein). */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
