package dev.candlewick.instrument;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Text as a file name that is safe on every system, and back. Everything but capital ASCII letters, digits, {@code -},
 * {@code _} and inner dots is written as the {@code %XX} of its UTF-8 bytes: the rule by which stores name their files.
 */
final class FileNames {

    /** File systems allow 255 bytes, of which a suffix such as {@code .parquet} needs some. */
    private static final int LONGEST = 240;

    private FileNames() {}

    static String encode(String text) {
        StringBuilder name = new StringBuilder(text.length() + 16);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean innerDot = c == '.' && i > 0 && i < bytes.length - 1;
            if (isPlain(c) || innerDot) {
                name.append(c);
            } else {
                name.append('%').append(HexFormat.of().withUpperCase().toHexDigits(bytes[i]));
            }
        }
        if (name.length() > LONGEST) {
            throw new IllegalArgumentException("'" + text + "' is too long for a file name: " + name.length()
                    + " characters, of which file systems take " + LONGEST);
        }
        return name.toString();
    }

    static String decode(String name) {
        byte[] bytes = new byte[name.length()];
        int length = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '%' && i + 2 < name.length() && isHex(name.charAt(i + 1)) && isHex(name.charAt(i + 2))) {
                bytes[length++] = (byte) HexFormat.fromHexDigits(name, i + 1, i + 3);
                i += 2;
            } else if (isPlain(c) || c == '.') {
                bytes[length++] = (byte) c;
            } else {
                throw notOurs(name);
            }
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw notOurs(name);
        }
        if (!encode(text).equals(name)) {
            throw notOurs(name); // one text has one name, or two files could claim to be the same instrument
        }
        return text;
    }

    private static boolean isPlain(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
    }

    private static IllegalArgumentException notOurs(String name) {
        return new IllegalArgumentException("'" + name + "' is not the file name of an instrument key; expected"
                + " something like BINANCE%3ASPOT_PAIR%3ABTC-USDT");
    }
}
