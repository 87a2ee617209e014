package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a source may be sent to, and that a password on the way there is never repeated (S1). */
class BaseUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:s3cret@localhost:8080",
                "https://s3cret@proxy.example",
                "s3cret@",
                "http://a@s3cret b"
            })
    void aBaseUrlWithCredentialsIsRefusedWithoutRepeatingThem(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BinanceSourceProvider().open("spot", Map.of("BINANCE_API_BASE_URL", url)))
                .withMessageContaining("user or password")
                .satisfies(refusal -> assertThat(refusal.toString()).doesNotContain("s3cret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8080",
                "ftp://localhost",
                "http://localhost/?key=s3cret",
                "http://localhost/?key=s3cret a",
                "http://localhost/#s3cret",
                "http://"
            })
    void whatIsNoBaseUrlIsRefusedWithAnExample(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BinanceSourceProvider().open("spot", Map.of("BINANCE_ARCHIVE_BASE_URL", url)))
                .withMessageContaining("is no base URL")
                .satisfies(refusal -> assertThat(trace(refusal)).doesNotContain("s3cret"));
    }

    @Test
    void aPathAndASlashAtTheEndAreFine() {
        try (var source =
                new BinanceSourceProvider().open("um", Map.of("BINANCE_FAPI_BASE_URL", "http://127.0.0.1:9/proxy/"))) {
            assertThat(source.estimate(
                                    Series.candles("BINANCE-FUTURES:PERPETUAL:BTC-USDT", "1m"),
                                    TimeRange.day("2024-01-01"))
                            .lane())
                    .contains("127.0.0.1:9");
        }
    }

    private static String trace(Throwable refusal) {
        StringWriter text = new StringWriter();
        refusal.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
