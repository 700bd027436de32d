package org.caravan.ledger.report;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets usage through whose field has one of the values. */
public record Filter(Field field, Set<String> values) {
    public Filter {
        // the one character that no stored text holds
        values = values.stream().map(value -> value.replace('\0', '\ufffd')).collect(Collectors.toUnmodifiableSet());
        if (field.kind() == Field.Kind.HOUR) {
            throw new IllegalArgumentException("hours are asked for by begin and end");
        }
    }

    public static Filter of(Field field, String... values) {
        return new Filter(field, Set.copyOf(List.of(values)));
    }
}
