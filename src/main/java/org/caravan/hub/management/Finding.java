package org.caravan.hub.management;

/**
 * Something that needs a person.
 *
 * @param area what it is about
 * @param reason what is not as it should be, naming the thing; one line
 * @param remedy what to do about it; one line
 */
public record Finding(Area area, String reason, String remedy) {
    /** What a finding can be about; each has its health check. */
    public enum Area {
        DISK("disk"),
        CONNECTORS("connectors"),
        SOURCES("sources"),
        PRICING("pricing"),
        MONTHS("months"),
        QUARANTINE("quarantine"),
        FAN_OUT("fan-out"),
        DELIVERIES("deliveries");

        private final String code;

        Area(String code) {
            this.code = code;
        }

        /** True if the ledger says it, false if it is known without a database. */
        boolean ofLedger() {
            return this != DISK && this != CONNECTORS;
        }

        /** The word in names of checks and labels of metrics. */
        public String code() {
            return code;
        }
    }

    /** Reason and remedy in one line. */
    public String line() {
        return reason + "; " + remedy;
    }
}
