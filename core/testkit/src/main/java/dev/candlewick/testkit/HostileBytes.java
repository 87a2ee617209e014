package dev.candlewick.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes hostile inputs from others: byte by byte, and by the places where text is separated, so that cells of CSV, names and
 * values of JSON and the lines of both are changed, moved, repeated and left out as wholes. For one thread.
 */
final class HostileBytes {

    private static final String SEPARATORS = ",\n:{}[]\"\r;<>";

    private static final List<byte[]> WORDS = words();

    private final int largest;

    HostileBytes(int largest) {
        this.largest = largest;
    }

    /** An input made from one or two others by up to eight changes, few more often than many. */
    byte[] from(List<byte[]> others, Random random) {
        byte[] input = others.get(random.nextInt(others.size()));
        int changes = 1 + random.nextInt(1 << random.nextInt(4));
        for (int i = 0; i < changes; i++) {
            input = changed(input, others.get(random.nextInt(others.size())), random);
        }
        return input.length > largest ? Arrays.copyOf(input, largest) : input;
    }

    private byte[] changed(byte[] input, byte[] other, Random random) {
        if (input.length == 0) {
            return other;
        }
        int at = random.nextInt(input.length);
        return switch (random.nextInt(22)) {
            case 0 -> flipped(input, at, random);
            case 1 -> replaced(input, at, at + 1, new byte[] {(byte) random.nextInt(256)});
            case 2 -> replaced(input, at, at, noise(random));
            case 3 -> replaced(input, at, at + 1 + random.nextInt(1 << random.nextInt(8)), new byte[0]);
            case 4 -> Arrays.copyOf(input, at);
            case 5 -> spliced(input, other, random);
            case 6 -> repeated(input, at, random);
            case 7, 8, 9, 10, 11 -> inCell(input, at, WORDS.get(random.nextInt(WORDS.size())));
            case 12 -> inCell(input, at, cell(other, random));
            case 13 -> inCell(input, at, new byte[0]);
            case 14 -> replaced(input, at, at, WORDS.get(random.nextInt(WORDS.size())));
            case 15 -> digit(input, at, random);
            case 16 -> lines(input, random);
            case 17 -> separator(input, at, random);
            case 18 -> inCell(input, at, number(random).getBytes(StandardCharsets.US_ASCII));
            case 19 -> nested(input, at, random);
            case 20 -> inCell(input, at, longCell(random));
            default -> ends(input, random);
        };
    }

    private static byte[] flipped(byte[] input, int at, Random random) {
        byte[] flipped = input.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[1 + random.nextInt(1 << random.nextInt(6))];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] spliced(byte[] input, byte[] other, Random random) {
        int from = random.nextInt(other.length + 1);
        int to = from + random.nextInt(other.length - from + 1);
        int at = random.nextInt(input.length + 1);
        return replaced(input, at, at + random.nextInt(input.length - at + 1), Arrays.copyOfRange(other, from, to));
    }

    private byte[] repeated(byte[] input, int at, Random random) {
        byte[] piece = Arrays.copyOfRange(input, at, Math.min(input.length, at + 1 + random.nextInt(200)));
        int times = Math.min(1 + random.nextInt(1 << random.nextInt(10)), largest / piece.length);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(piece);
        }
        return replaced(input, at, at, all.toByteArray());
    }

    private static boolean separates(byte each) {
        return SEPARATORS.indexOf(each) >= 0;
    }

    /** Puts the text in place of what lies between the two separators around. */
    private static byte[] inCell(byte[] input, int at, byte[] text) {
        int from = at;
        while (from > 0 && !separates(input[from - 1])) {
            from--;
        }
        int to = at;
        while (to < input.length && !separates(input[to])) {
            to++;
        }
        return replaced(input, from, to, text);
    }

    private static byte[] cell(byte[] other, Random random) {
        if (other.length == 0) {
            return other;
        }
        int from = random.nextInt(other.length);
        int to = from;
        while (to < other.length && !separates(other[to])) {
            to++;
        }
        return Arrays.copyOfRange(other, from, to);
    }

    private static byte[] digit(byte[] input, int at, Random random) {
        for (int i = at; i < input.length; i++) {
            if (input[i] >= '0' && input[i] <= '9') {
                byte[] other = input.clone();
                other[i] = (byte) "0123456789.-e".charAt(random.nextInt(13));
                return other;
            }
        }
        return input;
    }

    /** Takes a line out, doubles it, or puts it elsewhere. */
    private static byte[] lines(byte[] input, Random random) {
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < input.length; i++) {
            if (input[i] == '\n') {
                lines.add(Arrays.copyOfRange(input, start, i + 1));
                start = i + 1;
            }
        }
        lines.add(Arrays.copyOfRange(input, start, input.length));
        byte[] line = lines.remove(random.nextInt(lines.size()));
        for (int times = random.nextInt(3); times > 0; times--) {
            lines.add(random.nextInt(lines.size() + 1), line);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        lines.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] separator(byte[] input, int at, Random random) {
        for (int i = at; i < input.length; i++) {
            if (separates(input[i])) {
                return random.nextBoolean()
                        ? replaced(input, i, i + 1, new byte[0])
                        : replaced(input, i, i + random.nextInt(2), new byte[] {
                            (byte) SEPARATORS.charAt(random.nextInt(SEPARATORS.length()))
                        });
            }
        }
        return input;
    }

    /** A number as machines and people write them, and as nobody should. */
    private static String number(Random random) {
        String sign = random.nextInt(3) == 0 ? "-" : random.nextInt(20) == 0 ? "+" : "";
        StringBuilder number = new StringBuilder(sign);
        int digits = random.nextInt(1 << random.nextInt(1, 7));
        int point = random.nextBoolean() ? random.nextInt(digits + 1) : -1;
        for (int i = 0; i < digits; i++) {
            number.append(i == point ? "." : "").append((char) ('0' + random.nextInt(10)));
        }
        if (random.nextInt(6) == 0) {
            number.append(random.nextBoolean() ? 'e' : 'E').append(random.nextInt(-1_100, 1_100));
        }
        return number.toString();
    }

    private static byte[] nested(byte[] input, int at, Random random) {
        int depth = 1 << random.nextInt(12);
        String open = List.of("[", "{\"a\":", "[{\"b\":", "{", "(").get(random.nextInt(5));
        String close = open.startsWith("[{") ? "}]" : open.startsWith("[") ? "]" : "}";
        String middle = random.nextBoolean() ? "1" : "";
        String all = open.repeat(depth) + middle + (random.nextBoolean() ? close.repeat(depth) : "");
        return inCell(input, at, all.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] longCell(Random random) {
        byte[] all = new byte[1 << random.nextInt(5, 16)];
        Arrays.fill(all, (byte) "09a-. \"\0\u00c3".charAt(random.nextInt(9)));
        return all;
    }

    private static byte[] ends(byte[] input, Random random) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        String other = switch (random.nextInt(5)) {
            case 0 -> text.replace("\n", "\r\n");
            case 1 -> text.replace('\n', '\r');
            case 2 -> "\u00ef\u00bb\u00bf" + text;
            case 3 -> text.replace("\n", "\n\n");
            default -> text.endsWith("\n") ? text.substring(0, text.length() - 1) : text + text;
        };
        return other.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
        int end = Math.min(to, input.length);
        byte[] all = new byte[from + by.length + input.length - end];
        System.arraycopy(input, 0, all, 0, from);
        System.arraycopy(by, 0, all, from, by.length);
        System.arraycopy(input, end, all, from + by.length, input.length - end);
        return all;
    }

    private static List<byte[]> words() {
        List<byte[]> words = new ArrayList<>();
        for (String word : List.of(
                "1e999",
                "1e-999",
                "1e999999999",
                "-1e-999999999",
                "1e2147483647",
                "1e2147483648",
                "1E-2147483648",
                "0e999999999",
                "1e99999999999999999999",
                "-0",
                "+0",
                "0",
                "00012",
                "0x10",
                "0x1p3",
                "1d",
                "1f",
                "1L",
                "NaN",
                "-Infinity",
                "Infinity",
                "inf",
                "null",
                "undefined",
                "true",
                "false",
                "True",
                "TRUE",
                "tru",
                "-",
                "--1",
                "+",
                "+5",
                "+-5",
                ".",
                ".5",
                "5.",
                "1.2.3",
                "1,5",
                "1_0",
                " 1",
                "1 ",
                "\t1",
                "1e",
                "1e+",
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775808",
                "-9223372036854775809",
                "2147483648",
                "4294967296",
                "18446744073709551616",
                "9999999999999999",
                "99999999999999999",
                "12345678",
                "123456789",
                "1234567890123456",
                "12345678901234567",
                "123456789012345678",
                "0.000000000001",
                "0.0000000000001",
                "99999999999999999999999999",
                "999999999999999999999999999999999999999",
                "0.1234567890123456789012345678901234567890",
                "1.000000000000000000000000000000",
                "9007199254740993",
                "4.9e-324",
                "2.2250738585072012e-308",
                "1.7976931348623159e308",
                "0.1e1",
                "12345.6789012345678",
                "100000000000000",
                "99999999999999",
                "99999999999",
                "100000000000",
                "99999999999999999",
                "253402300800000000",
                "1582329602000000",
                "1700000000000",
                "0000001582329602000000",
                "-1582329602000000",
                "1582329602000000.0",
                "1582329602000000000",
                "2020-02-30T00:00:00Z",
                "2020-01-01T00:00:00.000Z",
                "+999999999-12-31T23:59:59Z",
                "-999999999-01-01T00:00:00Z",
                "2020-01-01T24:00:00Z",
                "2020-01-01T23:59:60Z",
                "2020-01-01",
                "1970-01-01 00:00:00",
                "9999-12-31T23:59:59.999999999+18:00",
                "2020-01-01T00:00:00+25:00",
                "\u0661",
                "\u0661\u0662\u0663",
                "\uff11",
                "\u00b2",
                "\u00e9",
                "\u00c3\u00a9",
                "\ud83d\ude00",
                "\u2028",
                "\u200f",
                "\u0130",
                "\u0131",
                "buy",
                "sell",
                "BUY",
                "\"buy\"",
                "\"\"",
                "\"",
                "\"\"\"",
                "'",
                "\\",
                "\\\"",
                "\\u0000",
                "\\ud800",
                "\\udc00\\ud800",
                "\ufeff",
                "\0",
                "\r",
                "\r\n",
                "\n",
                "\n\n",
                ",",
                ",,",
                ";",
                "[]",
                "{}",
                "[[]]",
                "[1]",
                "{\"a\":1}",
                "\"1\"",
                "{\"id\":1,\"id\":2}",
                "-1",
                "1",
                "2",
                "3",
                "bid",
                "ask",
                "put",
                "call",
                "../../etc/passwd",
                "%00",
                "%2e%2e/",
                "${jndi:x}",
                "<Key>",
                "</Key>",
                "\"code\":",
                "\u001f\u008b")) {
            words.add(word.getBytes(StandardCharsets.UTF_8));
        }
        for (int[] bytes : new int[][] {
            {0xC0, 0x80},
            {0xED, 0xA0, 0x80},
            {0xED, 0xB0, 0x80},
            {0xF4, 0x90, 0x80, 0x80},
            {0xFF},
            {0x80},
            {0xC3},
            {0xFE, 0xFF},
            {0xFF, 0xFE},
            {0x1F, 0x8B, 8, 0},
            {0x1F, 0x8B, 8, 0xFF},
            {0x50, 0x4B, 3, 4},
            {0x50, 0x4B, 1, 2},
            {0, 0, 0, 0},
            {0xFF, 0xFF, 0xFF, 0xFF},
            {0xFF, 0xFF, 0xFF, 0x7F},
            {0, 0, 0xFF, 0xFF}
        }) {
            byte[] word = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                word[i] = (byte) bytes[i];
            }
            words.add(word);
        }
        return words;
    }
}
