package dev.candlewick.sink.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathNamesTest {

    @Property
    void shortTextsCanBeReadBack(@ForAll @StringLength(max = 18) String text) {
        String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(URLDecoder.decode(PathNames.upper(valid), StandardCharsets.UTF_8))
                .isEqualTo(valid);
        assertThat(URLDecoder.decode(PathNames.lower(valid), StandardCharsets.UTF_8))
                .isEqualTo(valid);
    }

    @Property
    void namesAreSafeOnEveryFileSystem(@ForAll @StringLength(max = 400) String text) {
        for (String name : new String[] {PathNames.upper(text), PathNames.lower(text)}) {
            assertThat(name).matches("[A-Za-z0-9%._~-]*").doesNotStartWith(".").doesNotEndWith(".");
            assertThat(name.length()).isLessThanOrEqualTo(180);
        }
    }

    @Property
    void differentTextsHaveNamesThatDifferEvenWithoutCase(
            @ForAll @StringLength(max = 300) String one, @ForAll @StringLength(max = 300) String other) {
        String left = new String(one.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String right = new String(other.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(PathNames.upper(left)
                        .toLowerCase(Locale.ROOT)
                        .equals(PathNames.upper(right).toLowerCase(Locale.ROOT)))
                .isEqualTo(left.equals(right));
    }

    @ParameterizedTest
    @ValueSource(strings = {"btc", "Btc", "bTC"})
    void namesThatDifferInCaseDoNotMeet(String other) {
        assertThat(PathNames.upper(other)).isNotEqualToIgnoringCase(PathNames.upper("BTC"));
        assertThat(PathNames.lower("candles:1m")).isNotEqualToIgnoringCase(PathNames.lower("candles:1M"));
    }
}
