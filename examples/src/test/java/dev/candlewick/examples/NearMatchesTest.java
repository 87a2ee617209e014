package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMatchesTest {

    private static final List<String> COMMANDS = List.of("demo", "plan", "backfill", "gaps", "read", "verify");

    @ParameterizedTest
    @CsvSource({
        "dmeo,demo",
        "backfil,backfill",
        "back,backfill",
        "gap,gaps",
        "raed,read",
        "verfy,verify",
        "DEMO,demo",
        "Gaps,gaps"
    })
    void theNearestWordIsFound(String typed, String meant) {
        assertThat(NearMatches.nearest(typed, COMMANDS)).contains(meant);
    }

    @Test
    void nothingIsGuessedFromAWordThatIsFarFromAll() {
        assertThat(NearMatches.nearest("x", COMMANDS)).isEmpty();
        assertThat(NearMatches.nearest("postgres", COMMANDS)).isEmpty();
    }
}
