package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.FieldValue;
import java.math.BigDecimal;

/**
 * Timestamps of answers, exactly. The client asks for whole microseconds on the first page of an answer only: further
 * pages come by {@code tabledata.list}, for which google-cloud-bigquery 2.71.0 does not ask, as seconds in the text of a
 * double, which it then takes for microseconds and cannot read.
 */
final class Timestamps {

    // Up to here, in the year 2255, doubles of seconds are closer together than half a microsecond.
    private static final BigDecimal LAST_EXACT_SECOND = BigDecimal.valueOf(1L << 53, 6);

    private Timestamps() {}

    /**
     * Microseconds since 1970.
     *
     * @throws ArithmeticException when the text does not tell them exactly
     */
    static long micros(FieldValue value) {
        String text = value.getStringValue();
        if (text.indexOf('.') < 0 && text.indexOf('E') < 0) {
            return value.getTimestampValue();
        }
        BigDecimal seconds = new BigDecimal(text);
        if (seconds.abs().compareTo(LAST_EXACT_SECOND) > 0) {
            throw new ArithmeticException(
                    "the time " + text + " s since 1970 is too far away to be told to the microsecond");
        }
        return seconds.movePointRight(6).longValueExact();
    }
}
