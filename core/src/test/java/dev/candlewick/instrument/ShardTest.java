package dev.candlewick.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Series;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardTest {

    @ParameterizedTest
    @CsvSource({
        "BINANCE:SPOT_PAIR:BTC-USDT, f66cddd954cd8725, 53",
        "BINANCE:SPOT_PAIR:币安人生-USDT, 8e837abd7e6b1cd9, 57",
        "DERIBIT:OPTION:BTC-USD@INV-250425-200000-PUT, d90a78a3fcdba0a0, 56"
    })
    void aNameBelongsToTheSameShardForEver(String name, String hash, int ofSixty) {
        assertThat(Long.toHexString(Shard.hash(name))).isEqualTo(hash);
        assertThat(Shard.of(ofSixty, 60).takes(name)).isTrue();
        assertThat(Shard.of(ofSixty, 60).takes(InstrumentKey.parse(name))).isTrue();
    }

    @Property
    void everyNameBelongsToExactlyOneShard(@ForAll String name, @ForAll @IntRange(min = 1, max = 97) int total) {
        int takers = 0;
        for (int index = 0; index < total; index++) {
            takers += Shard.of(index, total).takes(name) ? 1 : 0;
        }
        assertThat(takers).isEqualTo(1);
    }

    @Test
    void allDataOfAnInstrumentBelongsToOneShard() {
        Series trades = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/trades");
        Series candles = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
        assertThat(Shard.of(53, 60).takes(trades)).isTrue();
        assertThat(Shard.of(53, 60).takes(candles)).isTrue();
        assertThat(Shard.of(52, 60).takes(trades)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "JOB_COMPLETION_INDEX, TOTAL_SHARDS",
        "AWS_BATCH_JOB_ARRAY_INDEX, AWS_BATCH_JOB_ARRAY_SIZE",
        "BATCH_TASK_INDEX, BATCH_TASK_COUNT",
        "CLOUD_RUN_TASK_INDEX, CLOUD_RUN_TASK_COUNT",
        "SHARD_INDEX, TOTAL_SHARDS"
    })
    void anArrayJobSaysWhichShardThisIs(String index, String count) {
        assertThat(Shard.fromEnvironment(Map.of(index, "3", count, "60"))).contains(Shard.of(3, 60));
        assertThat(Shard.fromEnvironment(Map.of(index, "3"), 7)).contains(Shard.of(3, 7));
        assertThatThrownBy(() -> Shard.fromEnvironment(Map.of(index, "3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(index)
                .hasMessageContaining("TOTAL_SHARDS");
    }

    @Test
    void theUsersCountGoesBeforeThatOfTheService() {
        assertThat(Shard.fromEnvironment(
                        Map.of("BATCH_TASK_INDEX", "3", "BATCH_TASK_COUNT", "9", "TOTAL_SHARDS", "60")))
                .contains(Shard.of(3, 60));
    }

    @Test
    void withoutAnArrayJobThereIsNoShard() {
        assertThat(Shard.fromEnvironment(Map.of("TOTAL_SHARDS", "60"))).isEmpty();
        assertThat(Shard.all().takes("anything")).isTrue();
    }

    @Test
    void aVariableWithoutTextIsNotSet() {
        assertThat(Shard.fromEnvironment(Map.of("SHARD_INDEX", "", "TOTAL_SHARDS", "")))
                .isEmpty();
        assertThat(Shard.fromEnvironment(Map.of("SHARD_INDEX", " "), 9)).isEmpty();
        assertThat(Shard.fromEnvironment(Map.of(
                        "SHARD_INDEX", "", "TOTAL_SHARDS", "", "BATCH_TASK_INDEX", "3", "BATCH_TASK_COUNT", "9")))
                .contains(Shard.of(3, 9));
    }

    @Test
    void aShardThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Shard.of(60, 60)).hasMessageContaining("no shard 60 of 60");
        assertThatThrownBy(() -> Shard.of(-1, 60)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Shard.fromEnvironment(Map.of("BATCH_TASK_INDEX", "first"), 2))
                .hasMessageContaining("'first'");
    }
}
