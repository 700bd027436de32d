package org.caravan.api.push;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.common.Json;
import org.caravan.ledger.Companion;
import org.caravan.ledger.PushAnswers;
import org.caravan.ledger.RecordResults;

/** The answer to a push in the making: written in the transaction of its usage, or found there from before. */
public final class PushReceipt implements Companion {
    /** On an answer that was given before. */
    static final String REPLAYED = "Idempotent-Replayed";

    private static final int OK = 200;
    private static final int REFUSED = 403;

    private final Push push;
    private final String idempotencyKey;
    private final PushAnswers answers;
    private final Map<Long, String> refused = new TreeMap<>();
    private Answer answer;

    /** @param idempotencyKey null without one: then the same records again are duplicates */
    PushReceipt(Push push, String idempotencyKey, PushAnswers answers) {
        this.push = push;
        this.idempotencyKey = idempotencyKey;
        this.answers = answers;
    }

    public Push push() {
        return push;
    }

    /** Says that a record is not taken, and why. */
    public void refuse(long record, String reason) {
        refused.put(record, reason);
    }

    /** Finds the answer of before, if the key has one. */
    boolean find() throws SQLException {
        return idempotencyKey != null
                && answers.find(push.source(), idempotencyKey).map(this::replay).isPresent();
    }

    @Override
    public boolean claim(Connection connection) throws SQLException {
        if (idempotencyKey == null || answers.claim(connection, push.source(), idempotencyKey, push.digest())) {
            return true;
        }
        replay(answers.find(connection, push.source(), idempotencyKey)
                .orElseThrow(() -> new SQLException("the answer was forgotten amidst a push", "40001")));
        return false;
    }

    private Answer replay(PushAnswers.Answer before) {
        if (!Arrays.equals(before.digest(), push.digest())) {
            throw new ApiError(
                    409,
                    "Idempotency-Key '" + idempotencyKey
                            + "' came with another body before; nothing was taken: send that"
                            + " body again, or this one under a new key.");
        }
        answer = new Answer(before.status(), Map.of(REPLAYED, "true"), Answer.JSON, before.body());
        return answer;
    }

    @Override
    public void write(Connection connection, RecordResults results) throws SQLException {
        boolean skipped =
                results.byPosition().values().stream().anyMatch(result -> result.what() == RecordResults.What.SKIPPED);
        Map<Long, String> held = skipped ? answers.held(connection, push.source(), push.key()) : Map.of();
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("source", push.source())
                .put("push", push.key())
                .put("records", push.size());
        int[] counts = new int[Word.values().length];
        ArrayNode array = JsonNodeFactory.instance.arrayNode(push.size());
        for (long record = 1; record <= push.size(); record++) {
            ObjectNode one = array.addObject().put("record", record);
            Word word = word(record, results, held, one);
            one.put("result", word.text());
            counts[word.ordinal()]++;
        }
        for (Word word : Word.values()) {
            node.put(word.text(), counts[word.ordinal()]);
        }
        node.set("results", array);
        byte[] body = bytes(node);
        int status = counts[Word.REFUSED.ordinal()] == push.size() ? REFUSED : OK;
        if (idempotencyKey != null) {
            answers.answer(connection, push.source(), idempotencyKey, status, body);
        }
        answers.reported(connection, push.source());
        answer = new Answer(status, Map.of(), Answer.JSON, body);
    }

    private enum Word {
        ACCEPTED,
        DUPLICATE,
        QUARANTINED,
        REFUSED;

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private Word word(long record, RecordResults results, Map<Long, String> held, ObjectNode one) {
        if (refused.containsKey(record)) {
            one.put("reason", refused.get(record));
            return Word.REFUSED;
        }
        RecordResults.Result result = results.byPosition().get(record);
        if (result == null) {
            throw new IllegalStateException("record " + record + " of a push is lost");
        }
        String reason = result.what() == RecordResults.What.SKIPPED ? held.get(record) : result.reason();
        if (reason != null) {
            one.put("reason", reason);
            return Word.QUARANTINED;
        }
        return result.what() == RecordResults.What.ACCEPTED ? Word.ACCEPTED : Word.DUPLICATE;
    }

    private static byte[] bytes(ObjectNode node) {
        try {
            return Json.mapper().writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /** What to answer; null before the batch was committed. */
    Answer answer() {
        return answer;
    }
}
