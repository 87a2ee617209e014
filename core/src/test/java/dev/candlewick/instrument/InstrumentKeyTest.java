package dev.candlewick.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Subject;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstrumentKeyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BINANCE:SPOT_PAIR:BTC-USDT",
                "BINANCE:SPOT_ASSET:BTC",
                "BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN",
                "BINANCE-FUTURES:PERPETUAL:BTC-USDT",
                "BINANCE-FUTURES:FUTURE:BTC-USDT@LIN-250627",
                "BITMEX:PERPETUAL:ETH-USD@QUANTO",
                "DERIBIT:OPTION:BTC-USD@INV-250425-200000-PUT",
                "DERIBIT:OPTION:MATIC-USDC@LIN-240309-1.02-CALL",
                "DERIBIT:OPTION:BTC-USD-241225-50000-CALL",
                "DERIBIT:COMBO:BTC-FS-28MAR25_PERP",
                "BINANCE:SPOT_PAIR:1INCH-USDT",
                "BINANCE:SPOT_PAIR:币安人生-USDT",
                "SOME:SPOT_PAIR:WRAPPED-BTC-USDT",
                "HUOBI-DM:RAW:BTC_CQ"
            })
    void canonicalKeysAreReadAsTheyArePrinted(String text) {
        InstrumentKey key = InstrumentKey.parse(text);
        assertThat(key).hasToString(text);
        assertThat(InstrumentKey.of(Subject.parse(text))).isEqualTo(key);
        assertThat(key.subject()).hasToString(text);
        assertThat(InstrumentKey.parseFileName(key.fileName())).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "binance:spot_pair:btc-usdt, BINANCE:SPOT_PAIR:BTC-USDT",
        "BINANCE-FUTURES:PERP:BTC-USDT, BINANCE-FUTURES:PERPETUAL:BTC-USDT",
        "okex-swap:perp:btc-usdt@lin, OKX-SWAP:PERPETUAL:BTC-USDT@LIN",
        "OKEX:SPOT_PAIR:BTC-USDT, OKX:SPOT_PAIR:BTC-USDT",
        "OKXX:SPOT_PAIR:BTC-USDT, OKXX:SPOT_PAIR:BTC-USDT",
        "BYBIT:FUTURE:BTC-USD@INV-20250627, BYBIT:FUTURE:BTC-USD@INV-250627",
        "DERIBIT:OPTION:BTC-USD-241225-50000-C, DERIBIT:OPTION:BTC-USD-241225-50000-CALL",
        "DERIBIT:OPTION:BTC-USD-20241225-50000.00-P, DERIBIT:OPTION:BTC-USD-241225-50000-PUT",
        "DERIBIT:OPTION:BTC-USD@INV-241225-PUT-50000, DERIBIT:OPTION:BTC-USD@INV-241225-50000-PUT",
        "DERIBIT:OPTION:XRP-USDC@LIN-241225-0.60-c, DERIBIT:OPTION:XRP-USDC@LIN-241225-0.6-CALL",
        "deribit:combo:btc-fs-28mar25_perp, DERIBIT:COMBO:BTC-FS-28MAR25_PERP"
    })
    void everyAcceptedSpellingIsPrintedCanonically(String spelling, String canonical) {
        assertThat(InstrumentKey.parse(spelling)).hasToString(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "BTC-USDT, expected VENUE:KIND:CODE",
        "BINANCE:SPOT:BTC-USDT, no type of instrument",
        "GLASSNODE:ASSET:BTC, no type of instrument",
        "BINANCE:SPOT_PAIR:BTCUSDT, BASE-QUOTE",
        "BINANCE:SPOT_PAIR:BTC-USDT@LIN, only derivatives",
        "BINANCE:SPOT_PAIR:-USDT, base asset is blank",
        "BINANCE-FUTURES:PERPETUAL:BTC-USDT@CROSS, no margin",
        "BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN@INV, cannot contain '@'",
        "DERIBIT:FUTURE:BTC-USD@INV, YYMMDD",
        "DERIBIT:FUTURE:BTC-USD@INV-250230, not a date",
        "DERIBIT:FUTURE:BTC-USD@INV-19991231, not of this century",
        "DERIBIT:OPTION:BTC-USD@INV-250425-200000, YYMMDD-STRIKE",
        "DERIBIT:OPTION:BTC-USD@INV-250425-2E5-PUT, YYMMDD-STRIKE",
        "DERIBIT:COMBO:A/B, cannot contain '/'"
    })
    void whatIsNoKeyIsRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> InstrumentKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining(reason);
    }

    @Test
    void aKeyIsTakenApart() {
        InstrumentKey key = InstrumentKey.parse("DERIBIT:OPTION:MATIC-USDC@LIN-240309-1.02-CALL");
        assertThat(key.venue()).isEqualTo("DERIBIT");
        assertThat(key.type()).isEqualTo(InstrumentType.OPTION);
        assertThat(key.base()).contains("MATIC");
        assertThat(key.quote()).contains("USDC");
        assertThat(key.margin()).contains(Margin.LINEAR);
        assertThat(key.date()).contains(LocalDate.of(2024, 3, 9));
        assertThat(key.strike()).contains(new BigDecimal("1.02"));
        assertThat(key.optionSide()).contains(OptionSide.CALL);
        assertThat(InstrumentKey.parse("DERIBIT:COMBO:BTC-FS-28MAR25_PERP").base())
                .isEmpty();
        assertThat(InstrumentKey.parse("DERIBIT:OPTION:BTC-USD-241225-50000-C").strike())
                .contains(new BigDecimal("50000"));
    }

    @Test
    void theSeedFormLeavesTheMarginAwayAndIsNotQualified() {
        InstrumentKey key = InstrumentKey.parse("OKX-FUTURES:FUTURE:BTC-USD@LIN-260710");
        assertThat(key.isQualified()).isTrue();
        assertThat(key.seedForm()).hasToString("OKX-FUTURES:FUTURE:BTC-USD-260710");
        assertThat(key.seedForm().isQualified()).isFalse();
        assertThat(key.seedForm().qualified(Margin.LINEAR)).isEqualTo(key);
        InstrumentKey spot = InstrumentKey.spot("UPBIT", "BTC", "KRW");
        assertThat(spot.isQualified()).isTrue();
        assertThat(spot.seedForm()).isSameAs(spot);
    }

    @Test
    void partsMakeTheKeyThatItsTextMakes() {
        LocalDate date = LocalDate.of(2025, 4, 25);
        assertThat(InstrumentKey.option(
                        "DERIBIT", "BTC", "USD", Margin.INVERSE, date, new BigDecimal("2E+5"), OptionSide.PUT))
                .isEqualTo(InstrumentKey.parse("DERIBIT:OPTION:BTC-USD@INV-250425-200000-PUT"));
        assertThat(InstrumentKey.future("okex-futures", "btc", "usd", Margin.INVERSE, date))
                .isEqualTo(InstrumentKey.parse("OKX-FUTURES:FUTURE:BTC-USD@INV-250425"));
        assertThat(InstrumentKey.perpetual("BITMEX", "ETH", "USD", Margin.QUANTO))
                .isEqualTo(InstrumentKey.parse("BITMEX:PERPETUAL:ETH-USD@QUANTO"));
    }

    @Test
    void fileNamesAreSafeEverywhere() {
        assertThat(InstrumentKey.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN").fileName())
                .isEqualTo("BINANCE-FUTURES%3APERPETUAL%3ABTC-USDT%40LIN");
        assertThat(InstrumentKey.parse("BINANCE:SPOT_PAIR:币-USDT").fileName())
                .isEqualTo("BINANCE%3ASPOT_PAIR%3A%E5%B8%81-USDT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BINANCE:SPOT_PAIR:BTC-USDT",
                "BINANCE%3aSPOT_PAIR%3ABTC-USDT",
                "BINANCE%3ASPOT_PAIR%3ABTC%2DUSDT",
                "BINANCE%3ASPOT_PAIR%3ABTC-USDT.parquet",
                "OKEX%3ASPOT_PAIR%3ABTC-USDT",
                "BINANCE%3ASPOT_PAIR%3AB%E5-USDT",
                "BINANCE%3ASPOT_PAIR%3ABTC-USDT%"
            })
    void aFileNameThatNoKeyHasIsRefused(String name) {
        assertThatThrownBy(() -> InstrumentKey.parseFileName(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyTooLongForAFileNameIsRefusedRatherThanCut() {
        InstrumentKey key = InstrumentKey.spot("BINANCE", "币".repeat(40), "USDT");
        assertThatThrownBy(key::fileName)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too long");
    }
}
