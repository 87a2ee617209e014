package dev.candlewick.examples;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody meant who mistyped a word. */
final class NearMatches {

    private static final int MOST_EDITS = 2;

    private NearMatches() {}

    /**
     * The known word that is an ending away or at most two edits away from the typed one, if there is one; upper and
     * lower case are the same.
     */
    static Optional<String> nearest(String typed, Collection<String> known) {
        String folded = typed.toLowerCase(Locale.ROOT);
        Optional<String> completed = known.stream()
                .filter(word ->
                        folded.length() >= 2 && word.toLowerCase(Locale.ROOT).startsWith(folded))
                .min(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
        return completed.or(() -> known.stream()
                .filter(word -> edits(folded, word.toLowerCase(Locale.ROOT)) <= Math.min(MOST_EDITS, word.length() / 2))
                .min(Comparator.comparingInt((String word) -> edits(folded, word.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder())));
    }

    /** How many letters must be put in, taken out, changed or swapped with their neighbour. */
    private static int edits(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        Arrays.setAll(cost[0], j -> j);
        for (int i = 1; i <= a.length(); i++) {
            cost[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
