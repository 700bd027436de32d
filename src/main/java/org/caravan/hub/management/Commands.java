package org.caravan.hub.management;

/** The command line, within the running hub: what a console orders goes the very way of what a person types. */
public interface Commands {
    /**
     * Carries a command out, on the connections of the hub, and waits for its end.
     *
     * @param line its words, such as {@code deliveries}, {@code retry}, {@code --}, {@code INV-2026-000001}
     * @return what it printed, without secrets, at most a million characters
     * @throws IllegalArgumentException with one line, if it was refused or failed
     */
    String run(String... line);

    /** A place where nothing can be ordered. */
    static Commands none() {
        return line -> {
            throw new IllegalArgumentException("this hub takes no orders here; use the command line");
        };
    }
}
