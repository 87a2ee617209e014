package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents and files that only hostile input made us think of. */
final class OddAnswersTest {

    private static final Series TRADES = new Series(Subject.parse("BINANCE:SPOT_PAIR:BTC-USDT"), Dataset.TRADES);

    @TempDir
    private Path directory;

    @Test
    void whatFollowsBehindAListIsNotPassedOverInSilence() {
        byte[] two = "[][{\"id\":1}]".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> TradeJson.read(TickKind.TRADES, TRADES, two, "request"))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("request")
                .hasMessageContaining("more follows");
        assertThatThrownBy(() -> KlineJson.toCsv(two, "request")).isInstanceOf(Corrupt.class);
        assertThatThrownBy(() -> FundingJson.read(two, "request")).isInstanceOf(Corrupt.class);
        byte[] info = "{\"symbols\":[]}{}".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> ExchangeInfo.read(Market.SPOT, new ByteArrayInputStream(info), "request"))
                .isInstanceOf(Corrupt.class);
    }

    @Test
    void aNumberThatNothingCanHoldIsCorruptAndNoNumberIsSetAside() {
        byte[] list = "[{\"fundingTime\":1e30000000000}]".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> FundingJson.read(list, "request"))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("request");
        byte[] empty = "[{\"fundingTime\":1704067200000,\"fundingRate\":\"\"}]".getBytes(StandardCharsets.US_ASCII);
        assertThat(FundingJson.read(empty, "request").quarantined())
                .singleElement()
                .satisfies(row -> assertThat(row.reason()).contains("'' is no number"));
        byte[] info = "{\"symbols\":[{\"x\":1e30000000000}]}".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> ExchangeInfo.read(Market.SPOT, new ByteArrayInputStream(info), "request"))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("request");
    }

    @Test
    void whatIsNoTextIsCorruptAndNoBrokenConnection() {
        byte[] wide = {'{', 0, 0, 0, 'i', '"', 'z', '['};
        assertThatThrownBy(() -> ExchangeInfo.read(Market.SPOT, new ByteArrayInputStream(wide), "request"))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("request");
    }

    @Test
    void aHeaderOfAnyLengthIsRefusedInAMessageThatCanBeRead() {
        String header = "calc_time" + ",x".repeat(1_900) + "\n";
        assertThatThrownBy(() -> funding(header))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("file has the columns")
                .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(1_000));
        assertThatThrownBy(() -> KlineHeader.check("open_time" + ",x".repeat(100_000), "file"))
                .isInstanceOf(Corrupt.class)
                .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(1_000));
    }

    @Test
    void anIntervalOfFundingThatNoVenueHasIsSetAside() throws IOException {
        EventLines.Content read =
                funding("1704067200000,8,0.0001\n1704096000000,9223372036854775807,0.0001\n1704124800000,-1,0.0001\n");
        assertThat(read.rows()).hasSize(1);
        assertThat(read.quarantined()).extracting(row -> row.line()).containsExactly(2L, 3L);
    }

    private EventLines.Content funding(String csv) throws IOException {
        Path zip = directory.resolve("funding.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("f.csv"));
            out.write(csv.getBytes(StandardCharsets.US_ASCII));
        }
        return EventLines.read(TickKind.FUNDING, "BTCUSDT", ZipBytes.at(zip), "f.csv", "file");
    }
}
