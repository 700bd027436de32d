package org.caravan.hub.management;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Words of a command from the arguments of an operation: a value is never taken for an option. */
final class Orders {
    private final Commands commands;
    private final List<String> options = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    private Orders(Commands commands, String... command) {
        this.commands = commands;
        options.addAll(List.of(command));
    }

    static Orders of(Commands commands, String... command) {
        return new Orders(commands, command);
    }

    /** Said if it is not empty. */
    Orders option(String name, String value) {
        if (value != null && !value.isBlank()) {
            options.add(name + "=" + value.strip());
        }
        return this;
    }

    /** An option that this operation can't do without. */
    Orders need(String name, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name.replaceFirst("^--", "") + " is empty: say it");
        }
        return option(name, value);
    }

    Orders flag(String name, boolean wanted) {
        if (wanted) {
            options.add(name);
        }
        return this;
    }

    /** Must not be empty. */
    Orders value(String what, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(what + " is empty: say it");
        }
        values.add(value.strip());
        return this;
    }

    /** Several, between commas or spaces; at least one. */
    Orders values(String what, String several) {
        value(what, several);
        values.remove(values.size() - 1);
        values.addAll(Arrays.stream(several.strip().split("[\\s,]+"))
                .filter(one -> !one.isEmpty())
                .toList());
        return this;
    }

    String run() {
        List<String> line = new ArrayList<>(options);
        if (!values.isEmpty()) {
            line.add("--");
            line.addAll(values);
        }
        return commands.run(line.toArray(String[]::new));
    }
}
