package io.godwit.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A small state file that people can read: a title line, lines of words, and a last line with the CRC-32C of all
 * before it. Words are separated by one space; the last word of a line may contain spaces.
 */
record StateText(String title, List<String> lines) {
    private static final String CHECK = "crc32c ";

    StateText {
        lines = List.copyOf(lines);
    }

    /** @throws GodwitException NOT_FOUND if there is no such file, CORRUPT if it isn't one of this title */
    static StateText read(DurableFile file, String title) throws IOException {
        byte[] bytes =
                file.read().orElseThrow(() -> new GodwitException(ErrorCode.NOT_FOUND, file.path() + " isn't there"));
        String text = new String(bytes, UTF_8);
        int check = text.lastIndexOf(CHECK);
        if (check < 0 || !text.substring(check).equals(checkLine(text.substring(0, check)))) {
            throw new GodwitException(ErrorCode.CORRUPT, file.path() + " is damaged: its checksum is wrong");
        }
        List<String> lines = new ArrayList<>(text.substring(0, check).lines().toList());
        if (lines.isEmpty() || !lines.removeFirst().equals(title)) {
            throw new GodwitException(ErrorCode.CORRUPT, "%s doesn't begin with '%s'".formatted(file.path(), title));
        }
        return new StateText(title, lines);
    }

    void write(DurableFile file) throws IOException {
        StringBuilder text = new StringBuilder(title).append('\n');
        lines.forEach(line -> text.append(line).append('\n'));
        text.append(checkLine(text.toString()));
        file.write(text.toString().getBytes(UTF_8));
    }

    private static String checkLine(String content) {
        CRC32C crc = new CRC32C();
        crc.update(content.getBytes(UTF_8));
        return "%s%08x\n".formatted(CHECK, crc.getValue());
    }

    /** The words of every line that begins with {@code key}, without the key; at most {@code words} of them a line. */
    List<String[]> values(String key, int words) {
        return lines.stream()
                .filter(line -> line.startsWith(key + " "))
                .map(line -> line.substring(key.length() + 1).split(" ", words))
                .filter(found -> found.length == words)
                .toList();
    }

    /** The one word behind {@code key}. */
    String value(String key) {
        List<String[]> found = values(key, 1);
        if (found.size() != 1) {
            throw new GodwitException(ErrorCode.CORRUPT, "'%s' needs one line '%s'".formatted(title, key));
        }
        return found.getFirst()[0];
    }

    long number(String key) {
        return parse(value(key));
    }

    static long parse(String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException not) {
            throw new GodwitException(ErrorCode.CORRUPT, "'%s' is not a number".formatted(word), not);
        }
    }
}
