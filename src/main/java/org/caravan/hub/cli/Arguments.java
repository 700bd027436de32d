package org.caravan.hub.cli;

import java.time.DateTimeException;
import java.time.YearMonth;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Setting;

/** Arguments that several commands take. */
final class Arguments {
    private Arguments() {}

    /** A month as {@code YYYY-MM}. */
    static YearMonth month(String text) {
        try {
            if (text.matches("\\d{4}-\\d{2}")) {
                return YearMonth.parse(text);
            }
        } catch (DateTimeException e) {
            throw wrongMonth(text, e);
        }
        throw wrongMonth(text, null);
    }

    /** Refuses a run without a setting that only this command cannot do without. */
    static void required(HubConfig config, Setting<?> setting, String option, String command) {
        if (config.find(setting).isEmpty()) {
            throw new UserError(option + " is missing; see caravan " + command + " --help");
        }
    }

    private static UserError wrongMonth(String text, Exception cause) {
        return new UserError(
                "month '" + text + "': expected YYYY-MM with a month from 01 to 12, such as 2026-10", cause);
    }
}
