package dev.candlewick.sink.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class LanesTest {

    private static final int ROWS = 1 << 16;

    @Test
    void everyColumnIsWorkedOnOnce() {
        for (int round = 0; round < 200; round++) {
            AtomicIntegerArray done = new AtomicIntegerArray(7);
            Lanes.forEach(7, ROWS, done::incrementAndGet);
            for (int column = 0; column < 7; column++) {
                assertThat(done.get(column)).isEqualTo(1);
            }
        }
    }

    @Test
    void theFirstFailureEndsTheWork() {
        assertThatThrownBy(() -> Lanes.forEach(3, ROWS, column -> {
                    throw new IllegalStateException("column " + column);
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("column ");
    }

    @Test
    void whatWasWorkedOnIsLetGoAlsoWhileAllOtherThreadsAreBusy() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        int others = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        List<Thread> busy = new ArrayList<>();
        try {
            for (int i = 0; i < others; i++) {
                CountDownLatch begun = new CountDownLatch(2);
                Thread caller = new Thread(() -> Lanes.forEach(2, ROWS, column -> {
                    begun.countDown();
                    awaitQuietly(end);
                }));
                caller.start();
                busy.add(caller);
                if (Runtime.getRuntime().availableProcessors() > 1) {
                    begun.await();
                }
            }
            List<WeakReference<byte[]>> worked = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                byte[] rows = new byte[1 << 20];
                Lanes.forEach(4, ROWS, column -> rows[column]++);
                worked.add(new WeakReference<>(rows));
            }
            for (int attempt = 0; attempt < 50 && worked.stream().anyMatch(rows -> rows.get() != null); attempt++) {
                System.gc();
            }
            assertThat(worked).allMatch(rows -> rows.get() == null);
        } finally {
            end.countDown();
            for (Thread caller : busy) {
                caller.join();
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
