package org.caravan.metering.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.caravan.common.Decimals;
import org.caravan.common.Json;
import org.caravan.metering.MeterCatalog;
import org.caravan.metering.MeteringSettings;
import org.caravan.metering.Micros;
import org.caravan.metering.Rejected;

/**
 * Reads samples out of whatever Ceilometer sends: one sample, a list, a notification with a list as its payload, one within
 * oslo.messaging's envelope. The names of a sample's fields are those of messages ({@code counter_name}) or of its HTTP and
 * file publishers ({@code name}). For one thread.
 */
public final class SampleReader {
    static final String FORMAT = "caravan-ceilometer";

    private static final String ENVELOPE = "oslo.message";
    private static final String PAYLOAD = "payload";
    private static final String SAMPLES = "samples";
    private static final Pattern CANONICAL_UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final int SHOWN = 60;

    private final SampleRules rules;
    private final MeteringSettings settings;
    private final Map<String, Set<String>> wanted;
    private final Clock clock;
    private final Signature signature;
    private final ObjectReader json = Json.mapper().reader().without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
    private final long earliest;

    /** Whether the sender has to prove itself by a signature. */
    public enum Sender {
        /** Anybody may have put it where it was found. */
        UNKNOWN,
        /** It is known by other means; a signature that is there must be right. */
        KNOWN
    }

    public SampleReader(SampleRules rules, MeteringSettings settings, MeterCatalog meters, Clock clock) {
        this.rules = rules;
        this.settings = settings;
        this.wanted = meters.samplePaths();
        this.clock = clock;
        this.signature = rules.secret() == null ? null : new Signature(rules.secret());
        this.earliest = ChronoUnit.MICROS.between(Instant.EPOCH, settings.earliest());
    }

    /** What a sample is worth reading on for. */
    private static final class Problem extends Exception {
        Problem(String reason) {
            super(reason, null, false, false);
        }
    }

    /** What one message is read with. */
    private final class Message {
        final SampleBatch batch;
        final int positionIndex;
        final long position;
        final Sender sender;
        final long latest =
                ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant().plus(settings.maxSkew()));

        /** A place can be held once; what else of its message is held has none. */
        boolean placeTaken;

        Message(SampleBatch batch, int positionIndex, long position, Sender sender) {
            this.batch = batch;
            this.positionIndex = positionIndex;
            this.position = position;
            this.sender = sender;
        }

        void reject(String reason, String raw, String tenant, Long at) {
            boolean complete = raw.length() <= settings.maxRawBytes() && raw.indexOf('\0') < 0;
            batch.reject(new Rejected(
                    placeTaken ? -1 : position,
                    positionIndex,
                    reason,
                    complete ? raw : cut(raw).replace('\0', '\ufffd'),
                    FORMAT,
                    null,
                    complete,
                    tenant,
                    at));
            placeTaken = true;
        }

        private String cut(String raw) {
            int end = Math.min(raw.length(), settings.maxRawBytes());
            return raw.substring(0, end > 0 && Character.isHighSurrogate(raw.charAt(end - 1)) ? end - 1 : end);
        }
    }

    /**
     * Adds a message's samples to a batch.
     *
     * @param positionIndex index into the batch's positions
     * @param position of the message
     */
    public void read(byte[] text, SampleBatch batch, int positionIndex, long position, Sender sender) {
        Message message = new Message(batch, positionIndex, position, sender);
        JsonNode node;
        try {
            node = unwrapped(json.readTree(text));
        } catch (JsonProcessingException e) {
            String hint = new String(text, 0, Math.min(2, text.length), StandardCharsets.UTF_8).startsWith("{'")
                    ? "; it looks like a Python dict: let the file publisher write JSON (file://...?json=true)"
                    : "";
            message.reject("no well-formed JSON: " + shown(e.getOriginalMessage()) + hint, text(text), null, null);
            return;
        } catch (IOException e) {
            message.reject("can't be read: " + shown(e.getMessage()), text(text), null, null);
            return;
        }
        if (node == null) {
            message.reject(
                    "no sample: expected a sample, a list of samples or a notification with such a payload",
                    text(text),
                    null,
                    null);
            return;
        }
        for (JsonNode sample : node.isArray() ? node : List.of(node)) {
            add(sample, message);
        }
    }

    /** Says that a message was not kept as it was too long. */
    public void tooLong(byte[] beginning, long length, SampleBatch batch, int positionIndex, long position) {
        new Message(batch, positionIndex, position, Sender.KNOWN)
                .reject(
                        "the message has " + length + " bytes, more than are read",
                        text(beginning) + "...",
                        null,
                        null);
    }

    private JsonNode unwrapped(JsonNode node) throws IOException {
        JsonNode inner = node;
        if (inner.path(ENVELOPE).isTextual()) {
            inner = json.readTree(inner.get(ENVELOPE).textValue());
        }
        if (inner.has(PAYLOAD)) {
            inner = inner.get(PAYLOAD);
        }
        if (inner.path(SAMPLES).isArray()) {
            inner = inner.get(SAMPLES);
        }
        return inner.isArray() || inner.has("counter_name") || inner.has("name") ? inner : null;
    }

    private void add(JsonNode node, Message message) {
        String tenant = null;
        Long at = null;
        try {
            if (!node.isObject()) {
                throw new Problem("a sample must be an object");
            }
            boolean signed = node.has("counter_name");
            if (signature != null && mustBeSigned(node, message.sender) && !signature.isRight(node)) {
                throw new Problem("its signature is missing or wrong: it was changed, forged, or signed with another"
                        + " secret than caravan.ceilometer.secret");
            }
            String source = optional(node, "source");
            if (!rules.isTrusted(source)) {
                message.batch.distrust(source.substring(0, Math.min(SHOWN, source.length())));
                return;
            }
            at = time(node);
            if (at > message.latest) {
                throw new Problem("timestamp " + shown(node.get("timestamp").asText()) + " is more than "
                        + settings.maxSkew() + " in the future");
            }
            message.batch.saw(message.positionIndex, at);
            String meter = required(node, signed ? "counter_name" : "name");
            Set<String> paths = wanted.get(meter);
            if (paths == null) {
                message.batch.leaveOut();
                return;
            }
            tenant = required(node, "project_id");
            if (!rules.isChosen(tenant)) {
                message.batch.ignore();
                return;
            }
            message.batch.add(
                    new Sample(
                            id(required(node, signed ? "message_id" : "id")),
                            tenant,
                            at,
                            meter,
                            required(node, "resource_id"),
                            optional(node, signed ? "counter_unit" : "unit"),
                            volume(node.path(signed ? "counter_volume" : "volume")),
                            metadata(node.path("resource_metadata"), paths)),
                    message.positionIndex,
                    message.position);
        } catch (Problem e) {
            message.reject(e.getMessage(), node.toString(), tenant, at);
        }
    }

    private static boolean mustBeSigned(JsonNode node, Sender sender) {
        return sender == Sender.UNKNOWN
                || !node.path(Signature.FIELD).asText("").isEmpty();
    }

    private long time(JsonNode node) throws Problem {
        String text = required(node, "timestamp");
        long at = Micros.of(text);
        if (at == Micros.NONE) {
            throw new Problem("timestamp " + shown(text) + " is no time such as 2026-10-01T00:00:00.123456");
        }
        if (at < earliest) {
            throw new Problem("timestamp " + shown(text) + " is before " + settings.earliest());
        }
        return at;
    }

    private static BigDecimal volume(JsonNode volume) throws Problem {
        if (volume.isNull() || volume.isMissingNode()) {
            return null;
        }
        try {
            if (volume.isNumber() || volume.isTextual()) {
                BigDecimal value = volume.isNumber() ? volume.decimalValue() : Decimals.parse(volume.textValue());
                if (value.precision() <= Decimals.MAX_DIGITS && Math.abs(value.scale()) <= Decimals.MAX_DIGITS) {
                    return value;
                }
            }
        } catch (NumberFormatException e) {
            throw new Problem("volume " + shown(volume.asText()) + " is no decimal number");
        }
        throw new Problem("volume " + shown(volume.toString()) + " is no decimal number of at most "
                + Decimals.MAX_DIGITS + " digits");
    }

    private Map<String, String> metadata(JsonNode all, Set<String> paths) throws Problem {
        Map<String, String> kept = new HashMap<>();
        for (String path : paths) {
            JsonNode value = all.has(path)
                    ? all.get(path)
                    : all.at("/" + path.replace("~", "~0").replace('.', '/'));
            if (!value.isValueNode() || value.isNull()) {
                continue;
            }
            String text = value.isNumber() && !value.isIntegralNumber()
                    ? value.decimalValue().toPlainString()
                    : value.asText();
            kept.put(path, checked("metadata " + path, text, settings.maxMetadataLength()));
        }
        return kept;
    }

    private String required(JsonNode node, String field) throws Problem {
        String text = optional(node, field);
        if (text.isEmpty()) {
            throw new Problem("no " + field);
        }
        return text;
    }

    private String optional(JsonNode node, String field) throws Problem {
        JsonNode value = node.path(field);
        return value.isNull() || value.isMissingNode()
                ? ""
                : checked(field, value.isTextual() ? value.textValue() : value.toString(), settings.maxTextLength());
    }

    private static String checked(String name, String text, int longest) throws Problem {
        if (text.codePointCount(0, text.length()) > longest) {
            throw new Problem(name + " is longer than " + longest + " characters");
        }
        if (text.indexOf('\0') >= 0) {
            throw new Problem(name + " holds a NUL character");
        }
        return text;
    }

    /** As it is where it is a UUID, as Ceilometer's own are; made of its text where it is not. */
    private static UUID id(String text) {
        return CANONICAL_UUID.matcher(text).matches()
                ? UUID.fromString(text)
                : UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String shown(String text) {
        String line = String.valueOf(text).replaceAll("\\p{Cntrl}", "\ufffd");
        return "'" + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...") + "'";
    }
}
