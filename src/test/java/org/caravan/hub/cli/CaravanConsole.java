package org.caravan.hub.cli;

import java.nio.file.Path;
import java.util.Map;
import org.caravan.hub.db.DatabaseAccess;

/** Runs commands on a ledger from the tests of other packages. */
public final class CaravanConsole {
    private CaravanConsole() {}

    /** What a command prints, what it has to say of errors behind it. */
    public static String run(DatabaseAccess ledger, String... arguments) {
        Console.Answer answer = new Console(
                        Path.of(""),
                        Map.of(
                                "CARAVAN_LEDGER_URL", ledger.url(),
                                "CARAVAN_LEDGER_USER", ledger.user(),
                                "CARAVAN_LEDGER_PASSWORD", ledger.password()))
                .run(arguments);
        return answer.out() + answer.err();
    }
}
