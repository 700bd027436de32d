package org.caravan.hub.cli;

import java.io.Console;

/** Asks the person at the terminal. */
final class Question {
    private Question() {}

    /** True if a person is there and says yes in full; whatever else is no. */
    static boolean yes(Terminal terminal, String question) {
        Console console = terminal.interactive() ? System.console() : null;
        if (console == null) {
            return false;
        }
        terminal.err().print(question + " Type yes to go on: ");
        terminal.err().flush();
        String answer = console.readLine();
        return answer != null && answer.strip().equalsIgnoreCase("yes");
    }
}
