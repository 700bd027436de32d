package org.caravan.hub.management;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * The hub's health checks, beside Camel's own of context, routes and consumers.
 *
 * <p>Liveness is what a restart would cure. Readiness is that the hub can work now. What needs a person (a parked invoice, a
 * month overdue) is neither: it is told by the whole of health alone, so that no orchestrator kills a hub over it.
 */
final class HealthChecks {
    private static final String GROUP = "caravan";

    private HealthChecks() {}

    static void register(HealthCheckRegistry registry, Attention attention) {
        registry.register(new Hub(attention.watch()));
        registry.register(new Ledger(attention.watch(), attention.limits()));
        for (Finding.Area area : Finding.Area.values()) {
            registry.register(new Business(area, attention));
        }
    }

    private static void down(HealthCheckResultBuilder builder, String reason, String remedy) {
        builder.message(reason + "; " + remedy)
                .detail("reason", reason)
                .detail("remedy", remedy)
                .down();
    }

    /** Whether the hub can go on without being started again. */
    private static final class Hub extends AbstractHealthCheck {
        private final Watch watch;

        Hub(Watch watch) {
            super(GROUP, "caravan-hub");
            this.watch = watch;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            if (watch.isAlive()) {
                builder.up();
            } else {
                down(builder, "the hub has lost the thread that looks at its ledger", "start the hub again");
            }
        }

        @Override
        public boolean isLiveness() {
            return true;
        }
    }

    /** Whether the ledger answers. */
    private static final class Ledger extends AbstractHealthCheck {
        private static final String REMEDY =
                "see that its PostgreSQL runs and can be reached; the hub goes on by itself once it answers";

        private final Watch watch;
        private final Limits limits;

        Ledger(Watch watch, Limits limits) {
            super(GROUP, "caravan-ledger");
            this.watch = watch;
            this.limits = limits;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            Watch.Failure failure = watch.failure();
            Overview last = watch.last();
            builder.detail("lastLook", last == null ? "none" : last.at().toString());
            // A look that takes long is followed by a long rest, which is no silence of the database.
            boolean silent = watch.silence().compareTo(limits.ledgerSilence().plus(rest(last))) > 0;
            if (failure != null) {
                down(builder, "the ledger does not answer since " + failure.since() + ": " + failure.reason(), REMEDY);
            } else if (silent) {
                down(builder, "the ledger has not answered for " + Ages.text(watch.silence()), REMEDY);
            } else if (last == null) {
                builder.unknown().message("the first look at the ledger is under way");
            } else {
                builder.up();
            }
        }

        private static Duration rest(Overview last) {
            return last == null ? Duration.ZERO : last.took().multipliedBy(Watch.REST + 1);
        }
    }

    /** Whether one area needs a person. */
    private static final class Business extends AbstractHealthCheck {
        private static final int SHOWN = 10;

        private final Finding.Area area;
        private final Attention attention;

        Business(Finding.Area area, Attention attention) {
            super(GROUP, "caravan-" + area.code());
            this.area = area;
            this.attention = attention;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            Overview last = attention.watch().last();
            if (area.ofLedger()) {
                if (last == null) {
                    builder.unknown().message("the ledger was not seen yet");
                    return;
                }
                builder.detail("asOf", last.at().toString());
            }
            List<Finding> findings = attention.findings(area);
            if (findings.isEmpty()) {
                builder.up();
                return;
            }
            Finding first = findings.get(0);
            String more = findings.size() == 1 ? "" : " (and " + (findings.size() - 1) + " more)";
            down(builder, first.reason(), first.remedy() + more);
            for (int i = 1; i < Math.min(findings.size(), SHOWN); i++) {
                builder.detail("also" + i, findings.get(i).line());
            }
        }

        @Override
        public boolean isReadiness() {
            return false;
        }
    }
}
