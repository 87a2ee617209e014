package dev.candlewick.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InterruptWatchTest {

    private final InterruptWatch watches = new InterruptWatch("watch-under-test");

    @Test
    void whatAnInterruptedThreadWaitsForIsEnded() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Thread waiting = new Thread(() -> {
            try (InterruptWatch.Watch watch = watches.watch(ended::countDown)) {
                // As deaf to interrupts as a thread in a socket call.
                while (ended.getCount() > 0) {
                    Thread.onSpinWait();
                }
            }
        });
        waiting.start();
        assertThat(ended.await(200, TimeUnit.MILLISECONDS)).isFalse();
        waiting.interrupt();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        waiting.join();
    }

    @Test
    void whatMakesNoProgressIsEndedAndTheOthersAreNot() throws Exception {
        AtomicBoolean stuck = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        AtomicInteger others = new AtomicInteger();
        try (InterruptWatch.Watch first = watches.watch(stuck::get, ended::countDown);
                InterruptWatch.Watch second = watches.watch(others::incrementAndGet)) {
            stuck.set(true);
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(others).hasValue(0);
    }

    @Test
    void nothingIsEndedAfterItsWatchIsClosedAndTheThreadLeaves() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        InterruptWatch.Watch watch = watches.watch(() -> asked.incrementAndGet() < 0, ended::incrementAndGet);
        awaitThreads(1);
        watch.close();
        awaitThreads(0);
        int before = asked.get();
        CountDownLatch again = new CountDownLatch(1);
        try (InterruptWatch.Watch next = watches.watch(() -> true, again::countDown)) {
            assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(asked).hasValue(before);
        assertThat(ended).hasValue(0);
    }

    private static void awaitThreads(int count) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (threads() != count && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(threads()).isEqualTo(count);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("watch-under-test"))
                .count();
    }
}
