package dev.candlewick.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Hands the body over as it arrives. */
final class StreamReceiver {

    private StreamReceiver() {}

    static HttpStream open(Wire.Answer answer, Consumer<Long> onComplete) throws IOException {
        BoundedBody body = answer.body();
        AtomicBoolean closed = new AtomicBoolean();
        // Cancelling, not draining: whoever stops early does not want the rest, and another thread may be reading.
        Runnable onClose = () -> {
            if (closed.compareAndSet(false, true)) {
                answer.cancel();
                onComplete.accept(body.bytes());
            }
        };
        return new HttpStream(answer.status(), answer.headers(), new ClosingStream(body, onClose), onClose);
    }

    private static final class ClosingStream extends FilterInputStream {

        private final Runnable onClose;

        private ClosingStream(BoundedBody body, Runnable onClose) {
            super(body);
            this.onClose = onClose;
        }

        @Override
        public void close() {
            onClose.run();
        }
    }
}
