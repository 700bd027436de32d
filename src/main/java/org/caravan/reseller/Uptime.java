package org.caravan.reseller;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Billed time as this contract writes it: {@code DD:HH:MM:SS}, days without limit. */
public final class Uptime {
    private static final int MINUTE = 60;
    private static final int HOUR = 60;
    private static final int DAY = 24;

    private Uptime() {}

    /** @param seconds fractions are dropped; negative where a correction took time back */
    public static String text(BigDecimal seconds) {
        long all = seconds.abs().setScale(0, RoundingMode.DOWN).longValueExact();
        long minutes = all / MINUTE;
        long hours = minutes / HOUR;
        String sign = seconds.signum() < 0 && all > 0 ? "-" : "";
        return sign
                + String.format(
                        Locale.ROOT, "%02d:%02d:%02d:%02d", hours / DAY, hours % DAY, minutes % HOUR, all % MINUTE);
    }
}
