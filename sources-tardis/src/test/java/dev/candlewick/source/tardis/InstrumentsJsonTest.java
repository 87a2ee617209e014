package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Corrupt;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.ListingWindow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of metadata as they come, made by hand. */
class InstrumentsJsonTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "bybit; BTC-01DEC23; future; BTC; USDC; 'inverse':false; BYBIT:FUTURE:BTC-USDC@LIN-231201",
                "bybit; BTCUSDZ21; future; BTC; USD; 'inverse':true,'expiry':'2021-12-31T08:00:00.000Z';"
                        + " BYBIT:FUTURE:BTC-USD@INV-211231",
                "binance-delivery; EOSUSD_210326; future; EOS; USD; 'inverse':true,'expiry':'2021-01-11T09:00:00.000Z';"
                        + " BINANCE-DELIVERY:FUTURE:EOS-USD@INV-210326",
                "delta; C-BTC-45000-310122; option; BTC; USDT; 'inverse':false,'optionType':'call','strikePrice':45000,"
                        + "'expiry':'2022-01-31T12:00:00.000Z'; DELTA:OPTION:BTC-USDT@LIN-220131-45000-CALL",
                "okex-futures; BTC-USD_UM-260710; future; BTC; USD; 'inverse':false; OKX-FUTURES:FUTURE:BTC-USD@LIN-260710",
                "okex-futures; BTC-USD-260710; future; BTC; USD; 'inverse':true; OKX-FUTURES:FUTURE:BTC-USD@INV-260710",
                "okex-options; BTC-USD-211224-56000-C; option; BTC; BTC; 'inverse':true,'optionType':'call',"
                        + "'strikePrice':'56000.0'; OKX-OPTIONS:OPTION:BTC-USD@INV-211224-56000-CALL",
                "deribit; MATIC_USDC-9MAR24-1D02-C; option; MATIC; USDC; 'contractType':'call_option','inverse':false,"
                        + "'strikePrice':1.02; DERIBIT:OPTION:MATIC-USDC@LIN-240309-1.02-CALL",
                "bitmex; ETHUSD; perpetual; ETH; USD; 'quanto':true,'inverse':false,'settlementCurrency':'BTC';"
                        + " BITMEX:PERPETUAL:ETH-USD@QUANTO",
                "bitmex; XBTZ21; future; BTC; USD; 'inverse':true,'expiry':'2021-12-31T12:00:00.000Z';"
                        + " BITMEX:FUTURE:BTC-USD@INV-211231",
                "some-venue; BTC-PERP; perpetual; BTC; USD; 'settlementCurrency':'USDC'; SOME-VENUE:PERPETUAL:BTC-USD@LIN",
                "some-venue; BTC-PERP; perpetual; BTC; USD; 'settlementCurrency':'BTC'; SOME-VENUE:PERPETUAL:BTC-USD@INV",
                "some-venue; ETH-PERP; perpetual; ETH; USD; 'settlementCurrency':'BTC';"
                        + " SOME-VENUE:PERPETUAL:ETH-USD@QUANTO",
                "some-venue; BTC-PERP; perpetual; BTC; USD; 'contractType':'inverse_perpetual';"
                        + " SOME-VENUE:PERPETUAL:BTC-USD@INV",
                "some-venue; BTC-PERP; perpetual; BTC; USD; 'x':1; SOME-VENUE:RAW:BTC-PERP",
                "okex-swap; BTC-USD-SWAP; perpetual; BTC; USD; 'x':1; OKX-SWAP:PERPETUAL:BTC-USD@INV",
                "huobi-dm; BTC_CQ; future; BTC; USD; 'inverse':true,'expiry':'2021-12-31T08:00:00.000Z';"
                        + " HUOBI-DM:RAW:BTC_CQ",
                "polymarket; WHO-WINS; prediction; YES; USDC; 'x':1; POLYMARKET:RAW:WHO-WINS",
                "upbit; KRW-BTC; spot; BTC; KRW; 'x':1; UPBIT:SPOT_PAIR:BTC-KRW",
                "kraken; XBT/USD; spot; BTC; USD; 'x':1; KRAKEN:SPOT_PAIR:BTC-USD"
            })
    void aRecordHasTheKeyThatItAndItsSymbolSay(
            String exchange, String symbol, String type, String base, String quote, String more, String key)
            throws IOException {
        InstrumentsJson read = read("{'id':'" + symbol + "','exchange':'" + exchange + "','type':'" + type
                + "','baseCurrency':'" + base + "','quoteCurrency':'" + quote + "'," + more + "}");

        assertThat(read.rejected()).isEmpty();
        assertThat(read.instruments()).singleElement().satisfies(each -> {
            assertThat(each.key()).hasToString(key);
            assertThat(each.rawSymbol()).isEqualTo(symbol);
            assertThat(each.exchange()).isEqualTo(exchange);
        });
    }

    @Test
    void whatIsNoTextOrNoNumberIsCorrupt() {
        byte[] wide = {'[', 0, 0, 0, 'i', '"', 'z', '['};
        byte[] beyond = "[{\"x\":1e30000000000}]".getBytes(StandardCharsets.UTF_8);
        byte[] two = "[][]".getBytes(StandardCharsets.UTF_8);
        for (byte[] document : List.of(wide, beyond, two)) {
            assertThatThrownBy(() -> InstrumentsJson.read(new ByteArrayInputStream(document), "request"))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("request");
        }
    }

    @Test
    void everyAttributeIsCarried() throws IOException {
        Instrument each = read("[{'id':'btcusdt_250627','datasetId':'BTCUSDT_250627','exchange':'binance-futures',"
                        + "'baseCurrency':'BTC','quoteCurrency':'USDT','type':'future','active':true,"
                        + "'availableSince':'2024-12-27T00:00:00.000Z','availableTo':'2025-06-28T00:00:00.000Z',"
                        + "'listing':'2024-12-27T08:00:00.000Z','expiry':'2025-06-27T08:00:00.000Z',"
                        + "'priceIncrement':1e-01,'amountIncrement':'0.0010','minTradeAmount':0.001,'minNotional':5,"
                        + "'makerFee':-0.0002,'takerFee':0.0004,'inverse':false,'contractType':'linear_future',"
                        + "'contractMultiplier':1,'underlyingIndex':'btcusdt','underlyingType':'native',"
                        + "'newField':{'a':[1]},'margin':null,'settlementCurrency':null}]")
                .instruments()
                .get(0);

        assertThat(each.key()).hasToString("BINANCE-FUTURES:FUTURE:BTC-USDT@LIN-250627");
        assertThat(each.datasetId()).isEqualTo("BTCUSDT_250627");
        assertThat(each.settle()).isEqualTo("USDT");
        assertThat(each.window())
                .isEqualTo(
                        ListingWindow.of(Instant.parse("2024-12-27T00:00:00Z"), Instant.parse("2025-06-28T00:00:00Z")));
        assertThat(each.listing()).contains(Instant.parse("2024-12-27T08:00:00Z"));
        assertThat(each.expiry()).contains(Instant.parse("2025-06-27T08:00:00Z"));
        assertThat(each.terms().tickSize()).contains(new BigDecimal("0.1"));
        assertThat(each.terms().amountStep()).contains(new BigDecimal("0.001"));
        assertThat(each.terms().minNotional()).contains(new BigDecimal("5"));
        assertThat(each.terms().makerFee()).contains(new BigDecimal("-0.0002"));
        assertThat(each.terms().contractSize()).contains(BigDecimal.ONE);
        assertThat(each.underlying()).contains("btcusdt");
        assertThat(each.assetClass()).contains("native");
        assertThat(each.provider()).contains("tardis");
        assertThat(each.ccxtSymbol()).contains("BTC/USDT:USDT-250627");
    }

    @Test
    void aSymbolThatWasAnotherContractBeforeIsTwoDefinitions() throws IOException {
        List<Instrument> read = read("{'id':'ABCUSD','exchange':'some','baseCurrency':'ABC','quoteCurrency':'USD',"
                        + "'type':'perpetual','inverse':false,'availableSince':'2020-01-01T00:00:00Z','priceIncrement':1,"
                        + "'changes':[{'until':'2021-01-01T00:00:00Z','priceIncrement':3},"
                        + "{'until':'2022-01-01T00:00:00Z','inverse':true,'priceIncrement':2},"
                        + "{'until':'2023-01-01T00:00:00Z','priceIncrement':1.5}]}")
                .instruments();

        assertThat(read).hasSize(2);
        Instrument late = read.get(0);
        Instrument early = read.get(1);
        assertThat(late.key()).hasToString("SOME:PERPETUAL:ABC-USD@LIN");
        assertThat(late.window()).isEqualTo(ListingWindow.since(Instant.parse("2022-01-01T00:00:00Z")));
        assertThat(late.at(Instant.parse("2022-06-01T00:00:00Z")).terms().tickSize())
                .contains(new BigDecimal("1.5"));
        assertThat(early.key()).hasToString("SOME:PERPETUAL:ABC-USD@INV");
        assertThat(early.window())
                .isEqualTo(
                        ListingWindow.of(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2022-01-01T00:00:00Z")));
        assertThat(early.terms().tickSize()).contains(new BigDecimal("2"));
        assertThat(early.at(Instant.parse("2020-06-01T00:00:00Z")).terms().tickSize())
                .contains(new BigDecimal("3"));
    }

    @Test
    void whatASymbolWasBeforeItWasRecordedRenamesNothingOfWhatWas() throws IOException {
        List<Instrument> read = read("{'id':'ABCUSD','exchange':'some','baseCurrency':'ABC','quoteCurrency':'USD',"
                        + "'type':'perpetual','inverse':false,'availableSince':'2020-01-01T00:00:00Z','priceIncrement':1,"
                        + "'changes':[{'until':'2018-01-01T00:00:00Z','baseCurrency':'XYZ'},"
                        + "{'until':'2019-01-01T00:00:00Z','inverse':true,'priceIncrement':3},"
                        + "{'until':'2021-01-01T00:00:00Z','priceIncrement':2}]}")
                .instruments();

        assertThat(read).singleElement().satisfies(each -> {
            assertThat(each.key()).hasToString("SOME:PERPETUAL:ABC-USD@LIN");
            assertThat(each.window()).isEqualTo(ListingWindow.since(Instant.parse("2020-01-01T00:00:00Z")));
            assertThat(each.at(Instant.parse("2020-06-01T00:00:00Z")).terms().tickSize())
                    .contains(new BigDecimal("2"));
        });
    }

    @Test
    void aNameThatEndedWhenTheRecordingBeganIsNoneOfIt() throws IOException {
        List<Instrument> read = read("{'id':'ABCUSD','exchange':'some','baseCurrency':'ABC','quoteCurrency':'USD',"
                        + "'type':'perpetual','inverse':false,'availableSince':'2020-01-01T00:00:00Z',"
                        + "'changes':[{'until':'2020-01-01T00:00:00Z','inverse':true}]}")
                .instruments();

        assertThat(read).extracting(each -> each.key().toString()).containsExactly("SOME:PERPETUAL:ABC-USD@LIN");
    }

    @Test
    void anOlderDefinitionHasTheTermsOfEveryChangeSinceThen() throws IOException {
        List<Instrument> read = read("{'id':'ABCUSD','exchange':'some','baseCurrency':'ABC','quoteCurrency':'USD',"
                        + "'type':'perpetual','inverse':false,'availableSince':'2020-01-01T00:00:00Z',"
                        + "'priceIncrement':0.01,'changes':[{'until':'2021-01-01T00:00:00Z','inverse':true},"
                        + "{'until':'2022-01-01T00:00:00Z','priceIncrement':0.5}]}")
                .instruments();

        assertThat(read)
                .extracting(each -> each.key() + " " + each.terms().tickSize().orElseThrow())
                .containsExactly("SOME:PERPETUAL:ABC-USD@LIN 0.01", "SOME:PERPETUAL:ABC-USD@INV 0.5");
        assertThat(read.get(0).at(Instant.parse("2021-06-01T00:00:00Z")).terms().tickSize())
                .contains(new BigDecimal("0.5"));
        assertThat(read.get(1).at(Instant.parse("2020-06-01T00:00:00Z")).terms().tickSize())
                .contains(new BigDecimal("0.5"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'exchange':'binance','type':'spot'}",
                "{'id':'BTCUSDT','type':'spot'}",
                "17",
                "{'id':'A','exchange':'x','type':'spot','availableSince':'yesterday'}",
                "{'id':'A','exchange':'x','type':'spot','priceIncrement':'many'}",
                "{'id':'A','exchange':'x','type':'spot','priceIncrement':1e999999}",
                "{'id':'A','exchange':'x','type':'spot','changes':[{'priceIncrement':1}]}"
            })
    void aRecordThatDefinesNothingIsSetAsideAndTheOthersStand(String bad) throws IOException {
        InstrumentsJson read = read("[" + bad + ",{'id':'BTC-USD','exchange':'x','type':'spot','baseCurrency':'BTC',"
                + "'quoteCurrency':'USD'}]");

        assertThat(read.instruments())
                .extracting(Instrument::key)
                .containsExactly(InstrumentKey.spot("X", "BTC", "USD"));
        assertThat(read.rejected()).singleElement().satisfies(row -> {
            assertThat(row.file()).isEqualTo("GET instruments");
            assertThat(row.line()).isEqualTo(1);
            assertThat(row.reason()).isNotBlank();
        });
    }

    @Test
    void anImpossibleStrikeLeavesOnlyTheSymbol() throws IOException {
        InstrumentsJson read = read(
                "{'id':'X-1','exchange':'x','type':'option','baseCurrency':'BTC','inverse':true,"
                        + "'quoteCurrency':'USD','optionType':'put','strikePrice':1e999999999,'expiry':'2025-01-01T08:00:00Z'}");
        assertThat(read.instruments())
                .singleElement()
                .satisfies(each -> assertThat(each.key()).hasToString("X:RAW:X-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "true", "[{'id':'A'", "<html>", "[1,]"})
    void whatIsNoListOfRecordsIsCorrupt(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(Corrupt.class).hasMessageContaining("GET instruments");
    }

    private static InstrumentsJson read(String json) throws IOException {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return InstrumentsJson.read(new ByteArrayInputStream(body), "GET instruments");
    }
}
