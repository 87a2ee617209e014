package dev.candlewick.sink.clickhouse;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Remembers the last bytes of an answer. When something goes wrong after the server has begun to answer, its error comes
 * as text in the middle of the data: that text is then the only one that says why the data makes no sense.
 */
final class ExceptionWatch extends FilterInputStream {

    private static final int REMEMBERED = 1 << 14;
    private static final Pattern EXCEPTION = Pattern.compile("Code: \\d+\\. DB::[\\p{Print}\\s]{1,600}");

    private final byte[] last = new byte[REMEMBERED];
    private long total;

    ExceptionWatch(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
        int read = super.read(target, from, count);
        if (read > 0) {
            remember(target, from + read - Math.min(read, REMEMBERED), Math.min(read, REMEMBERED), read);
            total += read;
        }
        return read;
    }

    private void remember(byte[] bytes, int from, int kept, int read) {
        int at = (int) ((total + read - kept) % REMEMBERED);
        int first = Math.min(kept, REMEMBERED - at);
        System.arraycopy(bytes, from, last, at, first);
        System.arraycopy(bytes, from + first, last, 0, kept - first);
    }

    /** The server's error among the last bytes, or those that are still to come, if there is one. */
    Optional<String> exception() {
        try {
            byte[] rest = new byte[REMEMBERED];
            for (int more = 0; more >= 0 && more < REMEMBERED; ) {
                int read = read(rest, 0, REMEMBERED);
                more = read < 0 ? -1 : more + read;
            }
        } catch (IOException broken) {
            // Whatever broke the answer breaks here, too; what came before is what counts.
            return found();
        }
        return found();
    }

    private Optional<String> found() {
        int kept = (int) Math.min(total, REMEMBERED);
        byte[] tail = new byte[kept];
        for (int i = 0; i < kept; i++) {
            tail[i] = last[(int) ((total - kept + i) % REMEMBERED)];
        }
        Matcher found = EXCEPTION.matcher(new String(tail, StandardCharsets.ISO_8859_1));
        String text = "";
        while (found.find()) {
            text = found.group();
        }
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(text.replaceAll("\\s+", " ").strip());
    }
}
