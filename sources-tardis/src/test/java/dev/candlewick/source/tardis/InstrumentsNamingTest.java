package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.instrument.InstrumentKey;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each venue's spelling says by itself, and what it leaves open. */
class InstrumentsNamingTest {

    @ParameterizedTest
    @CsvSource({
        "binance, BTCUSDT, BINANCE:SPOT_PAIR:BTC-USDT",
        "binance, 1INCHUSDT, BINANCE:SPOT_PAIR:1INCH-USDT",
        "binance, BTCFDUSD, BINANCE:SPOT_PAIR:BTC-FDUSD",
        "binance, 币安人生USDT, BINANCE:SPOT_PAIR:币安人生-USDT",
        "binance-futures, BTCUSDT, BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN",
        "binance-futures, ETHBTC, BINANCE-FUTURES:PERPETUAL:ETH-BTC@LIN",
        "binance-futures, 1000SHIBUSDT, BINANCE-FUTURES:PERPETUAL:1000SHIB-USDT@LIN",
        "binance-futures, BTCUSDC, BINANCE-FUTURES:PERPETUAL:BTC-USDC@LIN",
        "binance-futures, BTCUSDT_250627, BINANCE-FUTURES:FUTURE:BTC-USDT@LIN-250627",
        "binance-futures, BTCBUSD_210129, BINANCE-FUTURES:FUTURE:BTC-BUSD@LIN-210129",
        "binance-delivery, BTCUSD_PERP, BINANCE-DELIVERY:PERPETUAL:BTC-USD@INV",
        "binance-delivery, BTCUSD_250627, BINANCE-DELIVERY:FUTURE:BTC-USD@INV-250627",
        "binance-european-options, BTC-251219-89000-C, BINANCE-EUROPEAN-OPTIONS:OPTION:BTC-USDT@LIN-251219-89000-CALL",
        "binance-european-options, DOGE-231006-0.06-C, BINANCE-EUROPEAN-OPTIONS:OPTION:DOGE-USDT@LIN-231006-0.06-CALL",
        "bybit, BTCUSDT, BYBIT:PERPETUAL:BTC-USDT@LIN",
        "bybit, BTCPERP, BYBIT:PERPETUAL:BTC-USDC@LIN",
        "bybit, BTCUSD, BYBIT:PERPETUAL:BTC-USD@INV",
        "bybit, BTCUSDZ21, BYBIT:FUTURE:BTC-USD@INV-211231",
        "bybit, BTCUSDH22, BYBIT:FUTURE:BTC-USD@INV-220325",
        "bybit, BTCUSDM21, BYBIT:FUTURE:BTC-USD@INV-210625",
        "bybit, ETHUSDU21, BYBIT:FUTURE:ETH-USD@INV-210924",
        "bybit, BTCUSDT-25DEC26, BYBIT:FUTURE:BTC-USDT@LIN-261225",
        "bybit-spot, BTCUSDT, BYBIT-SPOT:SPOT_PAIR:BTC-USDT",
        "bybit-options, BTC-28APR23-29500-C, BYBIT-OPTIONS:OPTION:BTC-USDC@LIN-230428-29500-CALL",
        "bybit-options, BTC-28APR25-29500-C-USDT, BYBIT-OPTIONS:OPTION:BTC-USDT@LIN-250428-29500-CALL",
        "okex, BTC-USDT, OKX:SPOT_PAIR:BTC-USDT",
        "okex-swap, BTC-USDT-SWAP, OKX-SWAP:PERPETUAL:BTC-USDT@LIN",
        "okex-swap, BTC-USD-SWAP, OKX-SWAP:PERPETUAL:BTC-USD@INV",
        "okex-futures, BTC-USD-200327, OKX-FUTURES:FUTURE:BTC-USD@INV-200327",
        "okex-futures, BTC-USDT-211231, OKX-FUTURES:FUTURE:BTC-USDT@LIN-211231",
        "okex-futures, BTC-USD_UM-260710, OKX-FUTURES:FUTURE:BTC-USD@LIN-260710",
        "okex-options, BTC-USD-211224-56000-C, OKX-OPTIONS:OPTION:BTC-USD@INV-211224-56000-CALL",
        "okex-spreads, BTC-USD-SWAP_BTC-USD-231229, OKX-SPREADS:COMBO:BTC-USD-SWAP_BTC-USD-231229",
        "deribit, BTC-PERPETUAL, DERIBIT:PERPETUAL:BTC-USD@INV",
        "deribit, LINK_USDC-PERPETUAL, DERIBIT:PERPETUAL:LINK-USDC@LIN",
        "deribit, BTC-14FEB25, DERIBIT:FUTURE:BTC-USD@INV-250214",
        "deribit, BTC-7NOV25, DERIBIT:FUTURE:BTC-USD@INV-251107",
        "deribit, AVAX_USDC-1APR26, DERIBIT:FUTURE:AVAX-USDC@LIN-260401",
        "deribit, BTC-25APR25-200000-P, DERIBIT:OPTION:BTC-USD@INV-250425-200000-PUT",
        "deribit, MATIC_USDC-9MAR24-1D02-C, DERIBIT:OPTION:MATIC-USDC@LIN-240309-1.02-CALL",
        "deribit, BTC_USDC, DERIBIT:SPOT_PAIR:BTC-USDC",
        "deribit, BTC-FS-28MAR25_PERP, DERIBIT:COMBO:BTC-FS-28MAR25_PERP",
        "deribit, BTC-CSR12-16SEP22-21000_23000, DERIBIT:COMBO:BTC-CSR12-16SEP22-21000_23000",
        "deribit, BTC-STRD-30SEP22-20000, DERIBIT:COMBO:BTC-STRD-30SEP22-20000",
        "bitmex, XBTUSD, BITMEX:PERPETUAL:BTC-USD@INV",
        "bitmex, XBTZ21, BITMEX:FUTURE:BTC-USD@INV-211231",
        "cryptofacilities, PI_XBTUSD, CRYPTOFACILITIES:PERPETUAL:BTC-USD@INV",
        "cryptofacilities, PF_XBTUSD, CRYPTOFACILITIES:PERPETUAL:BTC-USD@LIN",
        "cryptofacilities, FI_XBTUSD_250627, CRYPTOFACILITIES:FUTURE:BTC-USD@INV-250627",
        "cryptofacilities, FF_XBTUSD_250627, CRYPTOFACILITIES:FUTURE:BTC-USD@LIN-250627",
        "kraken, XBT-USD, KRAKEN:SPOT_PAIR:BTC-USD",
        "bitfinex-derivatives, BTCF0-USTF0, BITFINEX-DERIVATIVES:PERPETUAL:BTC-USDT@LIN",
        "upbit, KRW-BTC, UPBIT:SPOT_PAIR:BTC-KRW"
    })
    void aSymbolAndItsKeySayTheSame(String exchange, String symbol, String key) {
        assertThat(InstrumentsNaming.key(exchange, symbol))
                .map(InstrumentKey::toString)
                .contains(key);
        assertThat(TardisSymbols.of(exchange, InstrumentKey.parse(key)).orElse(symbol))
                .isEqualTo(symbol);
    }

    @ParameterizedTest
    @CsvSource({
        "bybit, BTC-01DEC23",
        "bitmex, ETHUSD",
        "huobi-dm, BTC_CQ",
        "binance, BTCNOSUCH",
        "binance, USDT",
        "binance-delivery, BTCUSD",
        "binance-futures, BTCUSDT_253399",
        "deribit, BTC",
        "okex-swap, BTC-USDT",
        "cryptofacilities, FI_XBTUSD",
        "nosuch, BTCUSDT"
    })
    void whatASpellingLeavesOpenIsNotGuessed(String exchange, String symbol) {
        assertThat(InstrumentsNaming.key(exchange, symbol)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FS",
                "CS",
                "PS",
                "STRD",
                "STRG",
                "RR",
                "RRITM",
                "GUTS",
                "REV",
                "CBUT",
                "PBUT",
                "CBUT111",
                "PBUT111",
                "CLAD",
                "PLAD",
                "IBUT",
                "ICOND",
                "CCOND",
                "PCOND",
                "BOX",
                "CCAL",
                "PCAL",
                "CDIAG",
                "PDIAG",
                "STDC",
                "DSTDC",
                "CSR12",
                "CSR13",
                "CSR23",
                "PSR12",
                "PSR13",
                "PSR23",
                "JR",
                "NEWSTRUCTURE"
            })
    void everyStructureOfDeribitIsACombo(String code) {
        for (String symbol : new String[] {"ETH-" + code + "-28MAR25-2000_2500", "ETH-" + code + "-28MAR25_PERP"}) {
            assertThat(InstrumentsNaming.key("deribit", symbol))
                    .isEqualTo(Optional.of(InstrumentKey.parse("DERIBIT:COMBO:" + symbol)));
        }
    }
}
