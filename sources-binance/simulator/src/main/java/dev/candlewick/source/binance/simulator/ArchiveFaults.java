package dev.candlewick.source.binance.simulator;

import java.io.ByteArrayOutputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Misbehaviours of the archive.
 *
 * <p>Two sorts: what happens on the way (truncated, corrupt, stale checksum) contradicts the published checksum; what is
 * published wrongly (rows, names, members, units) comes with a checksum that agrees.
 */
public final class ArchiveFaults {
    private ArchiveFaults() {}

    private static Misbehaviour file(String name, Effect effect) {
        return Misbehaviour.of(name, Scope.of(RequestKind.ARCHIVE_FILE), effect);
    }

    private static Misbehaviour damage(String name, UnaryOperator<byte[]> change) {
        return file(name, new Effect.Damage(change));
    }

    /** The zip ends after half of its bytes, and the length header agrees. */
    public static Misbehaviour truncatedZip() {
        return damage("truncated zip", zip -> Arrays.copyOf(zip, zip.length / 2));
    }

    /** One bit in the middle of the zip is flipped. */
    public static Misbehaviour corruptZip() {
        return damage("corrupt zip", ArchiveFaults::flipped);
    }

    /** One bit in the middle of the zip is flipped, and the checksum was made afterwards: only the zip's own CRC tells. */
    public static Misbehaviour corruptZipWithMatchingChecksum() {
        return file(
                "corrupt zip, matching checksum",
                new Effect.Packing((member, csv) -> flipped(ZipBytes.of(member, csv))));
    }

    private static byte[] flipped(byte[] zip) {
        byte[] changed = zip.clone();
        changed[changed.length / 2] ^= 0x10;
        return changed;
    }

    /** The zip is a page of HTML with status 200 and a zip's content type. */
    public static Misbehaviour htmlInZip() {
        return damage("HTML in zip", zip -> Reply.utf8("<html><body>Please wait</body></html>"));
    }

    /** The member has another symbol's name. */
    public static Misbehaviour wrongMemberName() {
        return file("wrong member name", new Effect.Packing((member, csv) -> ZipBytes.of("OTHER-" + member, csv)));
    }

    /** A {@code __MACOSX/} entry stands before the member. */
    public static Misbehaviour extraMember() {
        return file("extra member", new Effect.Packing((member, csv) -> {
            Map<String, byte[]> members = new LinkedHashMap<>();
            members.put("__MACOSX/._" + member, new byte[] {0, 5, 22, 7});
            members.put(member, csv);
            return ZipBytes.of(members);
        }));
    }

    /** A zip without any member. */
    public static Misbehaviour emptyZip() {
        return file("empty zip", new Effect.Packing((member, csv) -> ZipBytes.of(Map.of())));
    }

    /** The member is followed by so many line feeds, which compress a thousandfold. */
    public static Misbehaviour zipBomb(int uncompressedBytes) {
        return file("zip bomb", new Effect.Packing((member, csv) -> {
            byte[] bomb = Arrays.copyOf(csv, csv.length + uncompressedBytes);
            Arrays.fill(bomb, csv.length, bomb.length, (byte) '\n');
            return ZipBytes.of(member, bomb);
        }));
    }

    /** The member tries to leave its directory. */
    public static Misbehaviour escapingMemberName() {
        return file("escaping member name", new Effect.Packing((member, csv) -> ZipBytes.of("../../" + member, csv)));
    }

    /** The checksum is that of another file. */
    public static Misbehaviour staleChecksum() {
        return checksum("stale checksum", text -> ZipBytes.sha256(Reply.utf8(text)) + text.substring(64));
    }

    /** The checksum names another file. */
    public static Misbehaviour checksumOfAnotherName() {
        return checksum("checksum of another name", text -> text.substring(0, 66) + "OTHER-" + text.substring(66));
    }

    /** The checksum file holds something else altogether. */
    public static Misbehaviour garbageChecksum() {
        return checksum("garbage checksum", text -> "not a checksum");
    }

    private static Misbehaviour checksum(String name, UnaryOperator<String> change) {
        return Misbehaviour.of(name, Scope.of(RequestKind.ARCHIVE_CHECKSUM), new Effect.Checksum(change));
    }

    /** The checksum answers 404 although the file is there. */
    public static Misbehaviour missingChecksum() {
        return Misbehaviour.of(
                "missing checksum",
                Scope.of(RequestKind.ARCHIVE_CHECKSUM),
                new Effect.Answer(Archive.noSuchKey("this checksum")));
    }

    /** File, checksum and listing line are not there, although REST has the candles: an archive hole. */
    public static Misbehaviour missingFile() {
        return file("missing file", new Effect.Absent());
    }

    /** Absent files answer 403 instead of 404, as a bucket without list permission does. */
    public static Misbehaviour forbiddenInsteadOfMissing() {
        return file(
                        "403 for a file",
                        new Effect.Answer(Reply.xml(
                                403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")))
                .onKind(RequestKind.ARCHIVE_FILE, RequestKind.ARCHIVE_CHECKSUM);
    }

    /** The candles that open on this day are not in the file, be it the day's or the month's. */
    public static Misbehaviour missingDay(LocalDate day) {
        long start = KlineInterval.dayStart(day);
        long end = KlineInterval.dayStart(day.plusDays(1));
        return bars(
                "missing day",
                bars -> bars.stream()
                        .filter(bar -> bar.openMillis() < start || bar.openMillis() >= end)
                        .toList());
    }

    /** The file is there and has no rows. */
    public static Misbehaviour noRows() {
        return bars("no rows", bars -> List.of());
    }

    private static Misbehaviour bars(String name, UnaryOperator<List<Bar>> change) {
        return file(name, new Effect.Bars(change));
    }

    /** Times are in milliseconds, whatever the date. */
    public static Misbehaviour timesInMillis() {
        return file("times in milliseconds", new Effect.Times(TimeFormat.MILLIS));
    }

    /** Times are in microseconds, whatever the date. */
    public static Misbehaviour timesInMicros() {
        return file("times in microseconds", new Effect.Times(TimeFormat.MICROS));
    }

    /** The second half of a file in milliseconds is in microseconds. */
    public static Misbehaviour mixedTimes() {
        return file("mixed times", new Effect.Rows(rows -> {
            List<String[]> changed = new ArrayList<>(rows);
            for (int row = rows.size() / 2; row < rows.size(); row++) {
                String[] micros = rows.get(row).clone();
                micros[0] = micros[0] + "000";
                micros[6] = micros[6] + "999";
                changed.set(row, micros);
            }
            return changed;
        }));
    }

    /** The file begins with a header line, whatever its market and date. */
    public static Misbehaviour headerRow() {
        return file("header row", new Effect.Header(Effect.HeaderLine.PRESENT));
    }

    /** The file begins with its first candle, whatever its market and date. */
    public static Misbehaviour noHeaderRow() {
        return file("no header row", new Effect.Header(Effect.HeaderLine.ABSENT));
    }

    /** Lines end with a carriage return and a line feed. */
    public static Misbehaviour windowsLineEnds() {
        return content("Windows line ends", csv -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(csv.length + csv.length / 64);
            for (byte each : csv) {
                if (each == '\n') {
                    bytes.write('\r');
                }
                bytes.write(each);
            }
            return bytes.toByteArray();
        });
    }

    /** The file begins with a byte order mark. */
    public static Misbehaviour byteOrderMark() {
        return content("byte order mark", csv -> {
            byte[] marked = new byte[csv.length + 3];
            System.arraycopy(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, 0, marked, 0, 3);
            System.arraycopy(csv, 0, marked, 3, csv.length);
            return marked;
        });
    }

    /** The last line has no end. */
    public static Misbehaviour noFinalLineEnd() {
        return content("no final line end", csv -> Arrays.copyOf(csv, Math.max(0, csv.length - 1)));
    }

    /** The last line breaks off in the middle. */
    public static Misbehaviour brokenLastLine() {
        return content("broken last line", csv -> Arrays.copyOf(csv, Math.max(0, csv.length - 40)));
    }

    private static Misbehaviour content(String name, UnaryOperator<byte[]> change) {
        return file(name, new Effect.Content(change));
    }
}
