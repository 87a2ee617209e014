package dev.candlewick.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.ColumnType;
import dev.candlewick.Corrupt;
import dev.candlewick.DecimalColumnBuilder;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.postgresql.util.ByteConverter;

class NumericProperties {

    @Provide
    Arbitrary<BigDecimal> decimals() {
        Arbitrary<BigInteger> unscaled = Arbitraries.oneOf(
                Arbitraries.bigIntegers()
                        .between(
                                BigInteger.TEN.pow(38).subtract(BigInteger.ONE).negate(),
                                BigInteger.TEN.pow(38).subtract(BigInteger.ONE)),
                Arbitraries.longs().map(BigInteger::valueOf),
                Combinators.combine(
                                Arbitraries.integers().between(-9_999, 9_999),
                                Arbitraries.integers().between(0, 34))
                        .as((digits, zeros) -> BigInteger.valueOf(digits).multiply(BigInteger.TEN.pow(zeros))));
        return Combinators.combine(unscaled, Arbitraries.integers().between(0, 38))
                .as(BigDecimal::new);
    }

    @Property(tries = 20_000)
    void theDriverReadsWhatIsEncodedAndTheDecoderReadsItBack(@ForAll("decimals") BigDecimal value) {
        byte[] bytes = encode(value);
        assertThat((BigDecimal) ByteConverter.numeric(bytes, 0, bytes.length)).isEqualByComparingTo(value);
        assertThat(decode(bytes, value.scale())).isEqualTo(value);
    }

    @Property(tries = 20_000)
    void theDecoderReadsWhatTheDriverEncodes(@ForAll("decimals") BigDecimal value) {
        assertThat(decode(ByteConverter.numeric(value), value.scale())).isEqualTo(value);
    }

    @Test
    void everyScaleAndLengthMeetsAtItsBorders() {
        for (int scale = 0; scale <= 38; scale++) {
            for (int digits = 1; digits <= 38; digits++) {
                BigInteger most = BigInteger.TEN.pow(digits).subtract(BigInteger.ONE);
                for (BigInteger unscaled : List.of(
                        most,
                        most.negate(),
                        most.add(BigInteger.ONE).divide(BigInteger.TEN),
                        BigInteger.ZERO,
                        BigInteger.valueOf(Long.MIN_VALUE),
                        BigInteger.valueOf(Long.MAX_VALUE))) {
                    BigDecimal value = new BigDecimal(unscaled, scale);
                    byte[] bytes = encode(value);
                    assertThat((BigDecimal) ByteConverter.numeric(bytes, 0, bytes.length))
                            .as(value.toString())
                            .isEqualByComparingTo(value);
                    assertThat(decode(bytes, scale)).isEqualTo(value);
                }
            }
        }
    }

    @Test
    void theServerReadsWhatIsEncodedAndIsReadBack() throws Exception {
        Random random = new Random(7);
        List<BigDecimal> values = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            values.add(new BigDecimal(new BigInteger(random.nextInt(126), random), random.nextInt(39))
                    .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1)));
        }
        try (Connection connection = DriverManager.getConnection(
                        PostgresServer.shared().freshDatabase() + "&prepareThreshold=-1&binaryTransferEnable=NUMERIC");
                PreparedStatement text = connection.prepareStatement(
                        "SELECT v::text, numeric_send(v) FROM (SELECT ?::numeric AS v) s")) {
            for (BigDecimal value : values) {
                text.setBigDecimal(1, value);
                try (ResultSet row = text.executeQuery()) {
                    row.next();
                    byte[] ours = encode(value);
                    assertThat(row.getBytes(2)).as(value.toString()).isEqualTo(ours);
                    assertThat(decode(row.getBytes(2), value.scale()).toPlainString())
                            .isEqualTo(row.getString(1));
                }
            }
        }
    }

    @Test
    void whatIsNoDecimalIsRefused() {
        byte[] nan = {0, 0, 0, 0, (byte) 0xC0, 0, 0, 0};
        assertThatThrownBy(() -> decode(nan, 8)).isInstanceOf(Corrupt.class);
        byte[] huge = ByteConverter.numeric(new BigDecimal("1e40"));
        assertThatThrownBy(() -> decode(huge, 8)).isInstanceOf(ArithmeticException.class);
        byte[] fine = ByteConverter.numeric(new BigDecimal("0.123456789"));
        assertThatThrownBy(() -> decode(fine, 8)).isInstanceOf(ArithmeticException.class);
        byte[] beyond = ByteConverter.numeric(new BigDecimal("1e131071"));
        assertThatThrownBy(() -> decode(beyond, 8)).isInstanceOf(ArithmeticException.class);
    }

    private static byte[] encode(BigDecimal value) {
        CopyBuffer out = new CopyBuffer();
        BigInteger unscaled = value.unscaledValue();
        if (unscaled.bitLength() < 64) {
            Numeric.put(out, unscaled.longValue(), value.scale());
        } else {
            Numeric.put(out, unscaled.shiftRight(64).longValue(), unscaled.longValue(), value.scale());
        }
        assertThat(out.at).isLessThanOrEqualTo(Numeric.MOST_BYTES);
        return Arrays.copyOfRange(out.bytes, 4, out.at);
    }

    private static BigDecimal decode(byte[] bytes, int scale) {
        DecimalColumnBuilder column = new DecimalColumnBuilder("v", new ColumnType.Decimal(38, scale), 1);
        Numeric.read(bytes, 0, bytes.length, scale, column);
        return column.build().get(0);
    }
}
