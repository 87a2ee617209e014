package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;

class DecimalColumnTest {

    private static final ColumnType.Decimal WIDE = new ColumnType.Decimal(38, 8);

    @Property
    void textIsReadAndPrintedExactly(
            @ForAll
                    @BigRange(
                            min = "-99999999999999999999999999999999999999",
                            max = "99999999999999999999999999999999999999")
                    BigInteger unscaled) {
        BigDecimal value = new BigDecimal(unscaled, 8);
        DecimalColumnBuilder builder = new DecimalColumnBuilder("volume", WIDE, 1);
        byte[] text = value.toPlainString().getBytes(StandardCharsets.US_ASCII);
        builder.appendText(text, 0, text.length);
        builder.append(value);
        DecimalColumn column = builder.build();
        assertThat(column.get(0)).isEqualTo(value);
        assertThat(column.get(1)).isEqualTo(value);
        assertThat(new BigDecimal(column.text(0))).isEqualByComparingTo(value);
    }

    @Example
    void hostileTextIsRefusedAndLeavesTheBuilderAsItWas() {
        DecimalColumnBuilder builder = new DecimalColumnBuilder("volume", WIDE, 1);
        for (String hostile : new String[] {
            "",
            "-",
            ".",
            "-.",
            "+1",
            "1e5",
            "1e999999999",
            "NaN",
            "1,0",
            " 1",
            "1 ",
            "1..2",
            "--1",
            "0.000000001",
            "9".repeat(31),
            "9".repeat(1_000)
        }) {
            byte[] text = hostile.getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> builder.appendText(text, 0, text.length))
                    .as(hostile)
                    .isInstanceOfAny(NumberFormatException.class, ArithmeticException.class);
            assertThat(builder.size()).isZero();
        }
    }
}
