package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

    private static final Flag STORE = Flag.of("store", "STORE", "where");
    private static final Flag SERIES = Flag.many("series", "SERIES", "what");
    private static final Flag FILL = Flag.flagOnly("fill", "holes");
    private static final Usage USAGE =
            Usage.of("read", "Read.").requiring(STORE).allowing(SERIES, FILL);

    @Test
    void aFlagTakesTheWordBehindItOrBehindTheEqualsSign() {
        assertThat(parse("--store", "parquet:a").required(STORE)).isEqualTo("parquet:a");
        assertThat(parse("--store=parquet:a=b").required(STORE)).isEqualTo("parquet:a=b");
    }

    @Test
    void severalValuesMayFollowOneFlagOrRepeatIt() {
        assertThat(parse("--store", "s", "--series", "a", "b", "--series=c").values(SERIES))
                .containsExactly("a", "b", "c");
    }

    @Test
    void aSwitchIsThereOrNot() {
        assertThat(parse("--store", "s", "--fill").has(FILL)).isTrue();
        assertThat(parse("--store", "s").has(FILL)).isFalse();
    }

    @Test
    void anUnknownFlagIsAnsweredWithTheNearestOne() {
        assertThatThrownBy(() -> parse("--stroe", "s"))
                .isInstanceOf(UsageException.class)
                .hasMessage("Unknown flag --stroe for 'candlewick read'; did you mean --store?");
        assertThatThrownBy(() -> parse("--quux", "s")).hasMessage("Unknown flag --quux for 'candlewick read'");
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThatThrownBy(() -> parse("--store")).hasMessageContaining("--store needs a value");
        assertThatThrownBy(() -> parse("--store", "--fill")).hasMessageContaining("--store needs a value");
        assertThatThrownBy(() -> parse("--store", " ")).hasMessageContaining("--store needs a value");
        assertThatThrownBy(() -> parse("--store", "a", "--store", "b")).hasMessageContaining("given twice");
        assertThatThrownBy(() -> parse("--store", "a", "b")).hasMessageContaining("'b' is not expected");
        assertThatThrownBy(() -> parse("--store", "a", "--fill=yes")).hasMessageContaining("takes no value");
        assertThatThrownBy(() -> parse("--fill")).hasMessageContaining("needs --store STORE");
    }

    private static Arguments parse(String... words) {
        return Arguments.parse(USAGE, List.of(words));
    }
}
