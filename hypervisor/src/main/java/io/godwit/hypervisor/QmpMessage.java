package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import tools.jackson.databind.JsonNode;

/** One line that QEMU writes on its control socket (the QEMU Machine Protocol). */
sealed interface QmpMessage {
    /** The first line. */
    record Greeting() implements QmpMessage {}

    record Answer(long id, JsonNode value) implements QmpMessage {}

    record Failure(long id, String sentence) implements QmpMessage {}

    record Event(String name, JsonNode data) implements QmpMessage {}

    /** Reads a line; one that is none of these throws a {@code CORRUPT} GodwitException. */
    static QmpMessage parse(String line) {
        JsonNode node = tree(line);
        long id = node.path("id").asLong(-1);
        if (node.has("event")) {
            return new Event(node.path("event").asString(""), node.path("data"));
        }
        if (node.has("return")) {
            return new Answer(id, node.path("return"));
        }
        if (node.has("error")) {
            return new Failure(id, node.path("error").path("desc").asString("no reason given"));
        }
        if (node.has("QMP")) {
            return new Greeting();
        }
        throw corrupt(line);
    }

    private static JsonNode tree(String line) {
        try {
            return Json.read(line, JsonNode.class, "a line from QEMU");
        } catch (GodwitException _) {
            throw corrupt(line);
        }
    }

    private static GodwitException corrupt(String line) {
        String shown = line.substring(0, Math.min(line.length(), 100));
        return new GodwitException(ErrorCode.CORRUPT, "QEMU's control socket said '%s'".formatted(shown));
    }
}
