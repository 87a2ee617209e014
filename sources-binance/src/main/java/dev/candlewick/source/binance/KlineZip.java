package dev.candlewick.source.binance;

import dev.candlewick.Corrupt;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The one CSV inside an archive zip. Bytes are counted as they come, never believed from a header; the CRC is checked by
 * reading to the end; names inside are compared, never used as paths.
 */
final class KlineZip {

    /** Real kline files compress up to 22 times; DEFLATE can reach 1,030. */
    private static final int HIGHEST_RATIO = 100;

    private static final int SMALLEST_CAP = 1 << 20;

    /** No kline row known is longer than 200 bytes. */
    private static final int LONGEST_ROW_BYTES = 512;

    private KlineZip() {}

    /** The bytes of the expected member; anything else about the zip is {@link Corrupt}. */
    static byte[] unpack(byte[] zip, String member, long rowsAtMost, String file) {
        long cap =
                Math.max(SMALLEST_CAP, Math.min(Integer.MAX_VALUE - 16L, (2 * rowsAtMost + 100) * LONGEST_ROW_BYTES));
        try (ZipInputStream input = new ZipInputStream(new ByteArrayInputStream(zip))) {
            byte[] found = null;
            for (ZipEntry entry = input.getNextEntry(); entry != null; entry = input.getNextEntry()) {
                String name = entry.getName();
                if (name.startsWith("__MACOSX/") || (entry.isDirectory() && name.equals("__MACOSX/"))) {
                    drain(input, zip.length, cap, file);
                } else if (name.equals(member) && found == null) {
                    found = read(input, zip.length, cap, file);
                } else {
                    throw new Corrupt(file + " holds a member '" + printable(name)
                            + "' beside or in place of the expected '" + member + "'");
                }
            }
            if (found == null) {
                throw new Corrupt(file + " is no zip with a member '" + member + "' (" + zip.length
                        + " bytes, beginning " + hex(zip) + ")");
            }
            return found;
        } catch (IOException | IllegalArgumentException damaged) {
            throw new Corrupt(file + " is damaged: " + damaged.getMessage(), damaged);
        }
    }

    private static byte[] read(ZipInputStream input, int packed, long cap, String file) throws IOException {
        long limit = limit(packed, cap);
        byte[] bytes = new byte[(int) Math.min(limit + 1, Math.max(8_192L, packed * 5L))];
        int length = 0;
        while (true) {
            int read = input.read(bytes, length, bytes.length - length);
            if (read < 0) {
                return Arrays.copyOf(bytes, length);
            }
            length += read;
            if (length > limit) {
                throw tooLong(limit, packed, file);
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(limit + 1, bytes.length * 2L));
            }
        }
    }

    private static void drain(ZipInputStream input, int packed, long cap, String file) throws IOException {
        long limit = limit(packed, cap);
        byte[] buffer = new byte[8_192];
        long length = 0;
        for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
            length += read;
            if (length > limit) {
                throw tooLong(limit, packed, file);
            }
        }
    }

    private static long limit(int packed, long cap) {
        return Math.min(cap, Math.max(4_096L, (long) packed * HIGHEST_RATIO));
    }

    private static Corrupt tooLong(long limit, int packed, String file) {
        return new Corrupt(file + " unpacks to more than " + limit + " bytes from " + packed
                + ": no file of that period and interval is so long");
    }

    private static String printable(String name) {
        String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes, 0, Math.min(8, bytes.length));
    }
}
