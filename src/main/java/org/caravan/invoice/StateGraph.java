package org.caravan.invoice;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The legal moves between a row's states: the one table that the code obeys and the documentation draws.
 *
 * @param <S> the states
 */
final class StateGraph<S extends Enum<S>> {
    private final Class<S> type;
    private final S first;
    private final Map<S, Map<S, String>> moves;

    /** A graph without moves whose rows begin in {@code first}. */
    StateGraph(Class<S> type, S first) {
        this.type = type;
        this.first = first;
        this.moves = new EnumMap<>(type);
        for (S state : type.getEnumConstants()) {
            moves.put(state, new LinkedHashMap<>());
        }
    }

    /** Adds a legal move; used only while the graph is made. */
    StateGraph<S> move(S from, S to, String why) {
        if (moves.get(from).put(to, why) != null) {
            throw new IllegalArgumentException("the move " + from + " -> " + to + " stands twice");
        }
        return this;
    }

    /** True if the table has the move. */
    boolean allows(S from, S to) {
        return moves.get(from).containsKey(to);
    }

    /**
     * Refuses a move that the table does not have.
     *
     * @throws IllegalStateException naming both states and what would have been legal
     */
    void require(S from, S to) {
        if (!allows(from, to)) {
            throw new IllegalStateException("no move from " + from + " to " + to + "; from " + from + " one may go to "
                    + moves.get(from).keySet());
        }
    }

    /** The states that have a move to this one. */
    Set<S> before(S to) {
        Set<S> result = EnumSet.noneOf(type);
        moves.forEach((from, targets) -> {
            if (targets.containsKey(to)) {
                result.add(from);
            }
        });
        return result;
    }

    /** True for a state that is never left. */
    boolean isLast(S state) {
        return moves.get(state).isEmpty();
    }

    /** The graph as Mermaid text, one move a line. */
    String mermaid() {
        StringBuilder text = new StringBuilder("stateDiagram-v2\n");
        for (S state : type.getEnumConstants()) {
            String name = state.toString();
            if (!id(name).equals(name)) {
                text.append("    state \"")
                        .append(name)
                        .append("\" as ")
                        .append(id(name))
                        .append('\n');
            }
        }
        text.append("    [*] --> ").append(id(first.toString())).append('\n');
        moves.forEach((from, targets) -> targets.forEach((to, why) -> text.append("    ")
                .append(id(from.toString()))
                .append(" --> ")
                .append(id(to.toString()))
                .append(": ")
                .append(why)
                .append('\n')));
        for (S state : type.getEnumConstants()) {
            if (isLast(state)) {
                text.append("    ").append(id(state.toString())).append(" --> [*]\n");
            }
        }
        return text.toString();
    }

    private static String id(String name) {
        return name.replace('-', '_');
    }
}
