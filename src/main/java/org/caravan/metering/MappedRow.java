package org.caravan.metering;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A line of a CSV of any make, read as its mapping says. What is set aside of it is the line as it was. */
final class MappedRow extends Row {
    /** A column behind the others, where a line that was set aside has to say the how-manieth of its kind it is. */
    private static final String OCCURRENCE = "caravan:occurrence";

    private static final int[] KEY_FIELDS = {REALM, TENANT, DATACENTER, RESOURCE, METER, UNIT};
    private static final int ID_BYTES = 16;

    private final CsvMapping mapping;
    private final String header;
    private final List<String> columns;
    private final Map<String, Integer> places = new HashMap<>();
    private final QuotedLine cells;
    private final TextBuffer texts = new TextBuffer();
    private final TextBuffer key = new TextBuffer();
    private final String[] names;
    private final MappedCell[] metadata;
    private final int[] itemFrom;
    private final int[] valueFrom;
    private final int[] valueTo;
    private final Occurrences occurrences = new Occurrences();
    private final MessageDigest digest;
    private final String name;

    /** Of the line read last, by its digest; 0 where that is not counted. */
    private int occurrence;

    private String fault;

    private MappedRow(CsvMapping mapping, String header, List<String> columns, String name) {
        this.mapping = mapping;
        this.header = header;
        this.columns = columns;
        columns.forEach(column -> places.put(column, places.size()));
        this.name = name;
        this.cells = new QuotedLine(columns.size(), mapping.separator());
        this.names = mapping.metadata().keySet().toArray(String[]::new);
        this.metadata = mapping.metadata().values().toArray(MappedCell[]::new);
        this.itemFrom = new int[names.length];
        this.valueFrom = new int[names.length];
        this.valueTo = new int[names.length];
        this.keyFrom = new int[1];
        this.keyTo = new int[1];
        this.keyRuns = 1;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** @throws RefusedUsage if a column stands in the header twice */
    static MappedRow of(
            CsvMapping mapping, String header, List<String> columns, MeteringSettings settings, String name) {
        for (String column : columns) {
            if (columns.indexOf(column) != columns.lastIndexOf(column)) {
                throw new RefusedUsage(name + ": column '" + column + "' stands in the header line twice; rename one");
            }
        }
        if (mapping.metadata().size() > settings.maxMetadataFields()) {
            throw new RefusedUsage(
                    mapping.file() + ": more than " + settings.maxMetadataFields() + " metadata fields; name fewer");
        }
        return new MappedRow(mapping, header, columns, name);
    }

    @Override
    String format() {
        return CsvRow.FORMAT;
    }

    @Override
    String context() {
        return isNumbered() ? header + mapping.separator() + OCCURRENCE : header;
    }

    @Override
    String whole(RawText text) {
        return isNumbered() ? super.whole(text) + mapping.separator() + occurrence : super.whole(text);
    }

    private boolean isNumbered() {
        return occurrence > 1 && !places.containsKey(OCCURRENCE);
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    @Override
    String read(RawText text) {
        texts.clear();
        occurrence = 0;
        fault = null;
        Arrays.fill(from, 0);
        Arrays.fill(to, 0);
        int found = cells.read(new String(text.bytes, text.from, text.to - text.from, StandardCharsets.UTF_8));
        if (found < 0) {
            return "a quote is not closed, or stands where none may (a quoted cell can't contain a line break)";
        }
        if (found != columns.size()) {
            return found + (found == 1 ? " cell" : " cells") + " where the header has " + columns.size();
        }
        for (CsvMapping.Rule rule : mapping.passedOver()) {
            if (rule.values().contains(cell(rule.column()))) {
                return PASSED_OVER;
            }
        }
        readId();
        for (int field = REALM; field < NAMES.length; field++) {
            String problem = readField(field);
            fault = fault == null ? problem : fault;
        }
        for (int i = 0; i < names.length; i++) {
            itemFrom[i] = texts.length;
            texts.add(names[i]);
            texts.add((byte) 0);
            valueFrom[i] = texts.length;
            texts.add(value(metadata[i]));
            valueTo[i] = texts.length;
        }
        bytes = texts.bytes;
        unusual = texts.unusual;
        fault = fault == null ? unexpected() : fault;
        return null;
    }

    @Override
    String fault() {
        return fault;
    }

    private String unexpected() {
        for (CsvMapping.Rule rule : mapping.expected()) {
            String value = cell(rule.column());
            if (!rule.values().contains(value)) {
                return rule.column() + " is " + KeyMaker.shown(value) + ", expected "
                        + String.join(" or ", rule.values().stream().sorted().toList()) + " (" + mapping.file() + ")";
            }
        }
        return null;
    }

    private void readId() {
        MappedCell id = mapping.field(ID);
        if (id != null) {
            String value = id.digest() ? digested(id) : value(id);
            from[ID] = texts.length;
            texts.add(value);
            to[ID] = texts.length;
        }
    }

    private String digested(MappedCell id) {
        for (String column : id.columns()) {
            digest.update(cell(column).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0x1f);
        }
        byte[] full = digest.digest();
        String hex = HexFormat.of().formatHex(full, 0, ID_BYTES);
        if (!id.occurrence()) {
            return hex;
        }
        occurrence = places.containsKey(OCCURRENCE)
                ? Integer.parseInt(cell(OCCURRENCE))
                : occurrences.add(java.nio.ByteBuffer.wrap(full).getLong());
        if (occurrence == 0) {
            throw new RefusedUsage(
                    name + ": more than " + Occurrences.MAX + " rows, whose ids are told apart by their number ("
                            + id.where() + "); cut it into several files");
        }
        return occurrence == 1 ? hex : hex + "#" + occurrence;
    }

    private String readField(int field) {
        MappedCell cell = mapping.field(field);
        if (cell == null) {
            return null;
        }
        String value = value(cell);
        if ((field == QUANTITY || field == PRICE) && !value.isEmpty()) {
            String number = number(cell, value.strip());
            if (number == null) {
                return NAMES[field] + " " + KeyMaker.shown(value) + " is no number as " + cell.where() + " says";
            }
            value = number;
        } else if (cell.time() != null && !value.isEmpty()) {
            try {
                value = time(cell, value.strip());
            } catch (DateTimeException e) {
                return NAMES[field] + " " + KeyMaker.shown(value) + ": "
                        + (cell.time().format() == null || e.getMessage().startsWith("is ")
                                ? e.getMessage()
                                : "is no time of the format " + cell.time().format());
            }
        }
        from[field] = texts.length;
        texts.add(value);
        to[field] = texts.length;
        return null;
    }

    private static String number(MappedCell cell, String value) {
        String number = cell.writesNumbersOtherwise() ? cell.number(value) : value;
        return number != null && cell.unsigned() && number.startsWith("-") ? number.substring(1) : number;
    }

    private static String time(MappedCell cell, String value) {
        MappedTime time = cell.time();
        Instant read;
        if (time.format() == null) {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            byte[] padded = Arrays.copyOf(text, text.length + Swar.PADDING);
            long micros = Micros.parse(padded, 0, text.length);
            if (micros == Micros.NONE) {
                throw new DateTimeException("is no time such as 2026-10-01T00:00:00Z");
            }
            boolean local = value.matches(".*\\d\\d:\\d\\d:\\d\\d([.]\\d+)?");
            Instant utc = Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS);
            read = local ? time.at(java.time.LocalDateTime.ofInstant(utc, java.time.ZoneOffset.UTC)) : utc;
        } else {
            read = time.read(value);
        }
        return read.plus(time.plus()).toString();
    }

    private String value(MappedCell cell) {
        if (cell.constant() != null) {
            return cell.constant();
        }
        String value = "";
        if (cell.template() != null) {
            StringBuilder filled = new StringBuilder(cell.template().get(0));
            boolean any = false;
            for (int i = 0; i < cell.columns().size(); i++) {
                String part = cell(cell.columns().get(i));
                any |= !part.isEmpty();
                filled.append(part).append(cell.template().get(i + 1));
            }
            value = any ? filled.toString() : "";
        } else {
            for (int i = 0; i < cell.columns().size() && value.isEmpty(); i++) {
                value = cell(cell.columns().get(i));
            }
        }
        return value.isEmpty() && cell.otherwise() != null ? cell.otherwise() : value;
    }

    private String cell(String column) {
        int at = places.get(column);
        int start = at == 0 ? 0 : cells.ends[at - 1] + 1;
        return new String(cells.text.bytes, start, cells.ends[at] - start, StandardCharsets.UTF_8);
    }

    // ---- keys ----------------------------------------------------------------------------------------------------

    @Override
    void readKey(MeterEntry meter) {
        key.clear();
        for (int field : KEY_FIELDS) {
            key.add(bytes, from[field], to[field]);
            key.add((byte) 0);
        }
        for (int i = 0; i < names.length; i++) {
            if (meter.keeps(names[i])) {
                key.add(bytes, itemFrom[i], valueTo[i]);
                key.add((byte) 0);
            }
        }
        keyBytes = key.bytes;
        keyFrom[0] = 0;
        keyTo[0] = key.length;
    }

    @Override
    void metadata(MeterEntry meter, Map<String, Object> into) {
        for (int i = 0; i < names.length; i++) {
            if (valueTo[i] > valueFrom[i] && meter.keeps(names[i])) {
                into.put(names[i], new String(bytes, valueFrom[i], valueTo[i] - valueFrom[i], StandardCharsets.UTF_8));
            }
        }
    }
}
