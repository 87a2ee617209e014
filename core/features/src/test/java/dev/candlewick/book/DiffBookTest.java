package dev.candlewick.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.book.DiffBook.Step;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Books of depth differences: the venue's rules of ids, and recorded sessions down to the last level. */
class DiffBookTest {

    private static final String RECORDINGS = "binance/ws/";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "usdm_btcusdt_20240808.gz",
                "cm_btcusd_perp_20240808.gz",
                "spot_btcusdt_20240808.gz",
                "spot_btcusdt_20240808.gz+spot_btcusdt_20240809.gz"
            })
    void aRecordedSessionEndsInTheVenuesBook(String files) throws IOException {
        DiffBook book = files.startsWith("spot") ? DiffBook.spot() : DiffBook.futures();
        for (String file : files.split("\\+", -1)) {
            for (String line : RecordedTicks.lines(RECORDINGS + "hft-2024/" + file)) {
                if (line.contains("@depth")) {
                    book.accept(update(Json.map(
                            Json.object(line.substring(line.indexOf('{'))).get("data"))));
                } else if (line.contains("lastUpdateId")) {
                    book.accept(snapshot(Json.object(line.substring(line.indexOf('{')))));
                }
            }
        }
        assertMatches(book, Json.map(golden("ws_hft_2024.json").get(files)).get("book"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BINANCE", "BINANCE_FUTURES", "BINANCE_DELIVERY"})
    void everyBookOfASessionEndsAsTheVenueHadIt(String venue) throws IOException {
        Map<String, DiffBook> books = new LinkedHashMap<>();
        for (String line : RecordedTicks.lines(RECORDINGS + "cryptofeed-2021/" + venue + ".http.txt.gz")) {
            int symbol = line.indexOf("symbol=");
            if (line.contains("/depth?")) {
                DiffBook book = venue.equals("BINANCE") ? DiffBook.spot() : DiffBook.futures();
                book.accept(snapshot(Json.object(line.substring(line.indexOf('{')))));
                books.put(line.substring(symbol + 7, line.indexOf('&', symbol)), book);
            }
        }
        for (String line : RecordedTicks.lines(RECORDINGS + "cryptofeed-2021/" + venue + ".ws.txt.gz")) {
            if (line.contains("depthUpdate")) {
                Map<String, Object> data =
                        Json.map(Json.object(line.substring(line.indexOf('{'))).get("data"));
                books.get((String) data.get("s")).accept(update(data));
            }
        }
        Map<String, Object> golden =
                Json.map(Json.map(golden("ws_cryptofeed_2021.json").get(venue)).get("books"));
        assertThat(books).containsOnlyKeys(golden.keySet());
        books.forEach((symbol, book) -> assertMatches(book, golden.get(symbol)));
    }

    @Test
    void aSpotSnapshotThatEndsBetweenTwoMessagesIsFollowedByTheNext() {
        DiffBook book = DiffBook.spot();

        assertThat(book.accept(new DepthSnapshot(10, List.of(), List.of()))).isEqualTo(Step.APPLIED);
        assertThat(book.accept(spot(8, 10, "1"))).isEqualTo(Step.DISCARDED);
        assertThat(book.accept(spot(11, 12, "2"))).isEqualTo(Step.APPLIED);
        assertThat(book.accept(spot(13, 13, "3"))).isEqualTo(Step.APPLIED);
        assertThat(book.book().best(Side.BID).orElseThrow().amount()).isEqualByComparingTo("3");
    }

    @Test
    void aSnapshotThatCannotBeAppliedLeavesTheBookUnknownAndEmpty() {
        DiffBook book = DiffBook.spot();
        DepthSnapshot broken = new DepthSnapshot(
                10,
                List.of(new BookLevel(BigDecimal.ONE, BigDecimal.ONE)),
                List.of(new BookLevel(BigDecimal.TEN, new BigDecimal("-1"))));

        assertThatIllegalArgumentException().isThrownBy(() -> book.accept(broken));
        assertThat(book.isSound()).isFalse();
        assertThat(book.book().size(Side.BID)).isZero();
        book.accept(new DepthSnapshot(10, List.of(), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> book.accept(new DepthUpdate(
                        11,
                        11,
                        OptionalLong.empty(),
                        List.of(new BookLevel(BigDecimal.ONE, BigDecimal.ONE)),
                        broken.asks())));
        assertThat(book.isSound()).isFalse();
        assertThat(book.book().size(Side.BID)).isZero();
    }

    @Test
    void aLostMessageMakesTheBookUnknownUntilASnapshotReachesIt() {
        DiffBook book = DiffBook.spot();
        book.accept(new DepthSnapshot(10, List.of(), List.of()));
        book.accept(spot(11, 12, "2"));

        assertThat(book.accept(spot(14, 15, "9"))).isEqualTo(Step.OUT_OF_SEQUENCE);
        assertThat(book.isSound()).isFalse();
        assertThat(book.book().size(Side.BID)).isZero();
        assertThat(book.accept(spot(16, 16, "8"))).isEqualTo(Step.NEEDS_SNAPSHOT);
        // A snapshot from before the first message kept leaves a hole; the one after closes it.
        assertThat(book.accept(new DepthSnapshot(12, List.of(), List.of()))).isEqualTo(Step.NEEDS_SNAPSHOT);
        assertThat(book.accept(new DepthSnapshot(15, List.of(), List.of()))).isEqualTo(Step.APPLIED);
        assertThat(book.book().best(Side.BID).orElseThrow().amount()).isEqualByComparingTo("8");
        assertThat(book.breaks()).isOne();
    }

    @Test
    void futuresJoinByTheMessageBeforeAndNotByCounting() {
        DiffBook book = DiffBook.futures();
        book.accept(new DepthSnapshot(10, List.of(), List.of()));

        assertThat(book.accept(futures(15, 20, 10, "1"))).isEqualTo(Step.APPLIED);
        assertThat(book.accept(futures(40, 45, 20, "2"))).isEqualTo(Step.APPLIED);
        assertThat(book.accept(futures(46, 47, 46, "3"))).isEqualTo(Step.OUT_OF_SEQUENCE);
    }

    @Test
    void aFuturesSnapshotBetweenTwoMessagesOfItsSymbolHasMissedNothing() {
        DiffBook book = DiffBook.futures();
        book.accept(new DepthSnapshot(12, List.of(), List.of()));

        assertThat(book.accept(futures(15, 20, 10, "1"))).isEqualTo(Step.APPLIED);
    }

    @Test
    void aFuturesSnapshotThatIsTooOldIsAskedForAgain() {
        DiffBook book = DiffBook.futures();
        book.accept(new DepthSnapshot(10, List.of(), List.of()));

        assertThat(book.accept(futures(15, 20, 12, "1"))).isEqualTo(Step.NEEDS_SNAPSHOT);
        assertThat(book.isSound()).isFalse();
        assertThat(book.breaks()).isZero();
    }

    @Test
    void aNewInstrumentHasAnEmptyBookBeforeItsFirstMessage() {
        DiffBook book = DiffBook.spot();
        book.accept(new DepthSnapshot(-1, List.of(), List.of()));

        assertThat(book.accept(spot(7, 9, "1"))).isEqualTo(Step.APPLIED);
        assertThat(book.accept(spot(10, 10, "2"))).isEqualTo(Step.APPLIED);
    }

    @Test
    void aFuturesMessageThatNamesNoneBeforeIsRefused() {
        DiffBook book = DiffBook.futures();
        book.accept(new DepthSnapshot(10, List.of(), List.of()));
        book.accept(futures(9, 11, 8, "1"));

        assertThatThrownBy(() -> book.accept(spot(12, 13, "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("names the one before");
    }

    private static DepthUpdate spot(long first, long last, String amount) {
        return new DepthUpdate(first, last, OptionalLong.empty(), List.of(level("100", amount)), List.of());
    }

    private static DepthUpdate futures(long first, long last, long previous, String amount) {
        return new DepthUpdate(first, last, OptionalLong.of(previous), List.of(level("100", amount)), List.of());
    }

    private static void assertMatches(DiffBook book, Object goldenBook) {
        Map<String, Object> golden = Json.map(goldenBook);
        assertThat(book.discarded()).isEqualTo(Json.number(golden.get("eventsDiscarded")));
        assertThat(book.applied()).isEqualTo(Json.number(golden.get("eventsApplied")));
        assertThat(book.breaks()).isZero();
        assertThat(book.lastId()).isEqualTo(Json.number(golden.get("lastUpdateId")));
        assertThat(hash(book.book())).isEqualTo(golden.get("bookSha256"));
    }

    private static String hash(OrderBook book) {
        StringBuilder text = new StringBuilder();
        for (Side side : Side.values()) {
            text.append(side.name().toLowerCase(Locale.ROOT)).append("s\n");
            for (BookLevel level : book.levels(side)) {
                text.append(level.price().toPlainString())
                        .append(' ')
                        .append(level.amount().toPlainString())
                        .append('\n');
            }
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new AssertionError(everyPlatformHasIt);
        }
    }

    private static Map<String, Object> golden(String name) throws IOException {
        return Json.object(String.join("\n", RecordedTicks.lines("binance/golden/" + name)));
    }

    private static DepthSnapshot snapshot(Map<String, Object> json) {
        return new DepthSnapshot(
                Json.number(json.get("lastUpdateId")), levels(json.get("bids")), levels(json.get("asks")));
    }

    private static DepthUpdate update(Map<String, Object> json) {
        return new DepthUpdate(
                Json.number(json.get("U")),
                Json.number(json.get("u")),
                json.containsKey("pu") ? OptionalLong.of(Json.number(json.get("pu"))) : OptionalLong.empty(),
                levels(json.get("b")),
                levels(json.get("a")));
    }

    private static List<BookLevel> levels(Object json) {
        return Json.list(json).stream()
                .map(Json::list)
                .map(level -> level((String) level.get(0), (String) level.get(1)))
                .toList();
    }

    private static BookLevel level(String price, String amount) {
        return new BookLevel(new BigDecimal(price), new BigDecimal(amount));
    }
}
