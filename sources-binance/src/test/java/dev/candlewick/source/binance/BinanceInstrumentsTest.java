package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.ListingWindow;
import dev.candlewick.instrument.TradingState;
import dev.candlewick.testkit.RecordedData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinanceInstrumentsTest {

    @Test
    void aSpotPairCarriesItsFilters() throws IOException {
        Instrument pair = catalog(
                        Market.SPOT,
                        "{'symbol':'币USDT','status':'BREAK','baseAsset':'币','quoteAsset':'USDT',"
                                + "'filters':[{'filterType':'PRICE_FILTER','tickSize':'0.00010000'},"
                                + "{'filterType':'LOT_SIZE','minQty':'0.10000000','stepSize':'0.01000000'},"
                                + "{'filterType':'NOTIONAL','minNotional':'5.00000000'},{'filterType':'NEW_FILTER','x':[]}]}")
                .resolve("BINANCE:SPOT_PAIR:币-USDT");

        assertThat(pair.exchange()).isEqualTo("binance");
        assertThat(pair.datasetId()).isEqualTo("币USDT");
        assertThat(pair.settle()).isEqualTo("USDT");
        assertThat(pair.window()).isEqualTo(ListingWindow.unknown());
        assertThat(pair.terms().tickSize()).contains(new BigDecimal("0.0001"));
        assertThat(pair.terms().amountStep()).contains(new BigDecimal("0.01"));
        assertThat(pair.terms().minSize()).contains(new BigDecimal("0.1"));
        assertThat(pair.terms().minNotional()).contains(new BigDecimal("5"));
        assertThat(pair.terms().state()).contains(TradingState.INACTIVE);
        assertThat(pair.ccxtSymbol()).contains("币/USDT");
    }

    @Test
    void aDatedFutureEndsWithItsDelivery() throws IOException {
        Instrument future = catalog(
                        Market.COIN_MARGINED,
                        "{'symbol':'BTCUSD_210924','pair':'BTCUSD',"
                                + "'contractType':'CURRENT_QUARTER','deliveryDate':1632470400000,'onboardDate':1616745600000,"
                                + "'contractStatus':'TRADING','contractSize':100,'marginAsset':'BTC','baseAsset':'BTC',"
                                + "'quoteAsset':'USD','underlyingType':'COIN','filters':[]}")
                .resolve("BINANCE-DELIVERY:FUTURE:BTC-USD-210924");

        assertThat(future.key()).hasToString("BINANCE-DELIVERY:FUTURE:BTC-USD@INV-210924");
        assertThat(future.settle()).isEqualTo("BTC");
        assertThat(future.expiry()).contains(Instant.parse("2021-09-24T08:00:00Z"));
        assertThat(future.window().to()).isEqualTo(future.expiry());
        assertThat(future.terms().contractSize()).contains(new BigDecimal("100"));
        assertThat(future.underlying()).contains("BTCUSD");
        assertThat(future.assetClass()).contains("COIN");
        assertThat(future.ccxtSymbol()).contains("BTC/USD:BTC-210924");
    }

    @ParameterizedTest
    @CsvSource({
        "BTCUSDT, PERPETUAL, TRADING, PERPETUAL:BTC-USDT@LIN",
        "BTCUSDT, '', TRADING, PERPETUAL:BTC-USDT@LIN",
        "BTCUSDT, TRADIFI_PERPETUAL, SETTLING, PERPETUAL:BTC-USDT@LIN",
        "BTCUSDT, NO_SUCH_TYPE, NO_SUCH_STATUS, PERPETUAL:BTC-USDT@LIN",
        "BTCUSDT_250627, '', PENDING_TRADING, FUTURE:BTC-USDT@LIN-250627",
        "BTCUSDT_250627, CURRENT_QUARTER DELIVERING, DELIVERING, FUTURE:BTC-USDT@LIN-250627",
        "BTCUSDT_259999, NEXT_QUARTER, TRADING, RAW:BTCUSDT_259999"
    })
    void wordsThatBinanceMayInventChangeNothing(String symbol, String type, String status, String key)
            throws IOException {
        InstrumentCatalog catalog = catalog(
                Market.USD_MARGINED,
                "{'symbol':'" + symbol + "','contractType':'" + type
                        + "','status':'" + status + "','deliveryDate':4133404800000,'onboardDate':1569398400000,"
                        + "'baseAsset':'BTC','quoteAsset':'USDT','marginAsset':'USDT','new':{}}");

        assertThat(catalog.instruments()).singleElement().satisfies(each -> {
            assertThat(each.key()).hasToString("BINANCE-FUTURES:" + key);
            assertThat(each.window()).isEqualTo(ListingWindow.since(Instant.parse("2019-09-25T08:00:00Z")));
            assertThat(each.terms().state())
                    .contains(status.equals("TRADING") ? TradingState.ACTIVE : TradingState.INACTIVE);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "rest/spot_exchangeInfo_2021-10-12.json.gz, SPOT, 1695",
        "rest/um_exchangeInfo_2021-07-22.json.gz, USD_MARGINED, 122",
        "rest/cm_exchangeInfo_2021-07-22.json.gz, COIN_MARGINED, 36"
    })
    void everyRecordedInstrumentHasAKeyOfItsOwn(String name, Market market, int count) throws IOException {
        ExchangeInfo info =
                ExchangeInfo.read(market, new ByteArrayInputStream(RecordedData.bytes("binance/" + name)), name);
        InstrumentCatalog catalog = new BinanceInstruments(market).listed(info);

        assertThat(catalog.instruments()).hasSize(count).allSatisfy(each -> {
            assertThat(catalog.definitions(each.key())).containsExactly(each);
            assertThat(InstrumentKey.parse(each.key().toString())).isEqualTo(each.key());
            assertThat(Symbols.symbol(market, each.key().subject())).isEqualTo(each.datasetId());
            assertThat(each.terms().tickSize()).isPresent();
            assertThat(each.terms().minSize()).isPresent();
        });
    }

    private static InstrumentCatalog catalog(Market market, String symbol) throws IOException {
        byte[] body = ("{'symbols':[" + symbol + "]}").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return new BinanceInstruments(market)
                .listed(ExchangeInfo.read(market, new ByteArrayInputStream(body), "exchangeInfo"));
    }
}
