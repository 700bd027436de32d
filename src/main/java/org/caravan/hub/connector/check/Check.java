package org.caravan.hub.connector.check;

import java.util.Arrays;
import java.util.List;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;

/** The checks, in the order in which they run. Names are stable: scripts know them. */
public enum Check {
    COMMIT("commit", "an invoice is committed, and the connector answers a reference", Commits::plain),
    ANSWER_LOST("answer-lost", "the target commits, its answer is lost: there is one invoice in the end", Losses::lost),
    TWO_AT_ONCE("two-at-once", "two hubs commit the same invoice at once: it is one", Repeats::atOnce),
    SAME_KEY_OTHER_CONTENT("same-key-other-content", "another document under a known key is not taken", Repeats::other),
    TIMEOUT("timeout", "no answer comes: the call ends by itself, and is no success", Losses::timeout),
    TOO_MANY_REQUESTS("too-many-requests", "429 with Retry-After: tried again, not before", Refusals::tooMany),
    SERVER_ERROR(
            "server-error", "5xx, before and after the target has committed: never a success", Losses::serverError),
    WRONG_CREDENTIALS("wrong-credentials", "nothing is committed, and nothing left in doubt", Refusals::credentials),
    UNKNOWN_TENANT("unknown-tenant", "refused for good, or really taken", Refusals::unknownTenant),
    WRONG_CURRENCY("wrong-currency", "refused for good, or booked in that currency", Refusals::currency),
    CENT_DIFFERENCE("cent-difference", "the target's own total is told, to the cent", Amounts::cents),
    CREDIT_NOTE("credit-note", "a credit note is committed with a negative total", Amounts::creditNote),
    THOUSAND_LINES("thousand-lines", "1,000 lines arrive, the last one, too", Amounts::thousandLines),
    SUB_CENT_PRICE("sub-cent-price", "a price of a fraction of a cent arrives", Amounts::subCent),
    ODD_TEXT("odd-text", "quotes, accents and formula signs arrive as text", Texts::odd),
    READ_BACK("read-back", "what is read back is what was committed", Repeats::readBack);

    private final String code;
    private final String text;
    private final Trial trial;

    /** One check at work. */
    interface Trial {
        Verdict run(Bench bench) throws Exception;
    }

    Check(String code, String text, Trial trial) {
        this.code = code;
        this.text = text;
        this.trial = trial;
    }

    /** Its name for commands and scripts. */
    public String code() {
        return code;
    }

    /** What it expects, for people. */
    public String text() {
        return text;
    }

    Verdict run(Bench bench) throws Exception {
        return trial.run(bench);
    }

    /**
     * The check of a name.
     *
     * @throws UserError naming the nearest
     */
    public static Check of(String code) {
        for (Check check : values()) {
            if (check.code.equals(code)) {
                return check;
            }
        }
        List<String> codes = Arrays.stream(values()).map(Check::code).toList();
        throw new UserError("no check '" + code + "'" + Nearest.hint(code, codes) + "; caravan connector test --list"
                + " shows them");
    }
}
