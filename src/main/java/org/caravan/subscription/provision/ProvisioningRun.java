package org.caravan.subscription.provision;

import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.caravan.common.keystone.Identity;
import org.caravan.common.keystone.Identity.Project;
import org.caravan.common.keystone.KeystoneException;
import org.caravan.metering.UsageKey;
import org.caravan.subscription.tie.TieRefused;
import org.caravan.subscription.tie.Ties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One subscription at work, from where its row stands. */
final class ProvisioningRun {
    private static final Logger LOG = LoggerFactory.getLogger(ProvisioningRun.class);

    private static final String CUSTOMER = "bs-customer-";
    private static final String SUBSCRIPTION = Endings.NAME;

    /** What a run marks its projects with; Keystone takes tags of up to 255 characters. */
    private static final String TAG = "caravan-run-";

    /** Longest description of a project. */
    private static final int MAX_DESCRIPTION = 255;

    private final Identity identity;
    private final Ties ties;
    private final ProvisioningRows rows;
    private final ProvisioningSettings settings;
    private final Clock clock;

    ProvisioningRun(Identity identity, Ties ties, ProvisioningRows rows, ProvisioningSettings settings, Clock clock) {
        this.identity = identity;
        this.ties = ties;
        this.rows = rows;
        this.settings = settings;
        this.clock = clock;
    }

    /** What ends a run for good. */
    private static final class GivenUp extends Exception {
        GivenUp(String reason) {
            super(reason);
        }
    }

    /** Another hub works on it: this one has to leave it alone. */
    private static final class LeaseLost extends Exception {}

    /** Works until it is done or has to wait. */
    void work(Progress claimed) throws SQLException {
        Progress progress = claimed;
        try {
            while (!progress.state().isDone()) {
                if (progress.compensating()) {
                    undo(progress);
                    return;
                }
                try {
                    progress = step(progress);
                } catch (GivenUp e) {
                    LOG.warn(
                            "Subscription {}: {}; what was done is taken back",
                            progress.subscription(),
                            e.getMessage());
                    progress = compensate(progress, e.getMessage());
                }
            }
            rows.leave(progress.subscription(), progress.state(), 0, null, null);
            LOG.info("Subscription {} has its project {}", progress.subscription(), progress.project());
        } catch (KeystoneException e) {
            later(progress, e);
        } catch (LeaseLost e) {
            LOG.info("Subscription {} is worked on by another hub", progress.subscription());
        }
    }

    private Progress step(Progress progress) throws SQLException, KeystoneException, GivenUp, LeaseLost {
        if (progress.ended()) {
            throw new GivenUp("the subscription has ended");
        }
        return switch (progress.state()) {
            case NEW -> customerProject(progress);
            case CUSTOMER_PROJECT -> project(progress);
            case PROJECT -> role(progress);
            default -> tie(progress);
        };
    }

    private Progress customerProject(Progress progress) throws SQLException, KeystoneException, GivenUp, LeaseLost {
        Progress now = progress;
        if (now.customerProject() == null) {
            Project project = ensure(now, CUSTOMER + now.customer());
            now = written(rows.write(
                    now.subscription(),
                    "customer_project = ?, customer_project_made = ?",
                    project.id(),
                    isOurs(now, project)));
        }
        now = grant(now, now.customerProject(), settings.role());
        now = grant(now, now.customerProject(), settings.customerRole());
        return reached(now, ProvisioningState.CUSTOMER_PROJECT);
    }

    private Progress project(Progress progress) throws SQLException, KeystoneException, GivenUp, LeaseLost {
        Project project = ensure(progress, SUBSCRIPTION + progress.subscription());
        Progress now = written(rows.write(
                progress.subscription(), "project = ?, project_made = ?", project.id(), isOurs(progress, project)));
        return reached(now, ProvisioningState.PROJECT);
    }

    private Progress role(Progress progress) throws SQLException, KeystoneException, GivenUp, LeaseLost {
        return reached(grant(progress, progress.project(), settings.role()), ProvisioningState.ROLE);
    }

    private Progress tie(Progress progress) throws SQLException, GivenUp, LeaseLost {
        try {
            ties.tie(progress.subscription(), UsageKey.DEFAULT_REALM, Ties.TENANT, progress.project());
        } catch (TieRefused e) {
            throw new GivenUp(e.getMessage());
        }
        return reached(progress, ProvisioningState.ACTIVE);
    }

    private Progress reached(Progress progress, ProvisioningState state) throws SQLException, LeaseLost {
        return written(rows.write(progress.subscription(), "state = ?", state.code()));
    }

    private static Progress written(Optional<Progress> progress) throws LeaseLost {
        return progress.orElseThrow(LeaseLost::new);
    }

    /** The project with a name; whoever made it. A name that is taken meanwhile is looked up. */
    private Project ensure(Progress progress, String name) throws KeystoneException, GivenUp {
        Optional<Project> made =
                identity.create(name, settings.domain(), description(progress), List.of(TAG + progress.run()));
        if (made.isPresent()) {
            return made.get();
        }
        Project found = identity.find(name, settings.domain())
                .orElseThrow(() -> new GivenUp("Keystone has a project " + name
                        + " that it does not show in domain " + settings.domain()
                        + "; see caravan.provision.domain and the role of the hub's user"));
        if (!found.enabled()) {
            throw new GivenUp("project " + name + " is there and disabled; enable or rename it");
        }
        return found;
    }

    private static boolean isOurs(Progress progress, Project project) {
        return project.tags().contains(TAG + progress.run());
    }

    private static String description(Progress progress) {
        String text = progress.description();
        return text.length() > MAX_DESCRIPTION ? text.substring(0, MAX_DESCRIPTION) : text;
    }

    /** Noted before it is given, so that a run that fails takes back what it gave and nothing else. */
    private Progress grant(Progress progress, String project, String name)
            throws SQLException, KeystoneException, GivenUp, LeaseLost {
        String role = identity.role(name)
                .orElseThrow(
                        () -> new GivenUp("Keystone has no role " + name + "; make it: openstack role create " + name));
        String grant = project + "/" + role;
        Progress now = progress;
        if (!now.granted().contains(grant)) {
            if (identity.hasRole(project, now.user(), role)) {
                return now;
            }
            now = written(rows.write(now.subscription(), "granted = array_append(granted, ?)", grant));
        }
        identity.grant(project, now.user(), role);
        return now;
    }

    // ---- failures ------------------------------------------------------------------------------------------------

    private void later(Progress progress, KeystoneException e) throws SQLException {
        int attempts = progress.attempts() + 1;
        boolean again = e.kind() != KeystoneException.Cause.REJECTED && attempts < settings.maxAttempts();
        if (again) {
            LOG.info("Subscription {}: {}; tried again", progress.subscription(), e.getMessage());
            rows.leave(
                    progress.subscription(),
                    progress.state(),
                    attempts,
                    clock.instant().plus(settings.delay(attempts)),
                    reason(progress, e));
        } else if (progress.compensating()) {
            LOG.error(
                    "Subscription {}: what was done at Keystone could not be taken back: {}",
                    progress.subscription(),
                    e.getMessage());
            rows.leave(
                    progress.subscription(),
                    ProvisioningState.FAILED,
                    attempts,
                    null,
                    progress.reason() + "; and could not be taken back: " + e.getMessage());
        } else {
            LOG.warn("Subscription {}: {}; what was done is taken back", progress.subscription(), e.getMessage());
            try {
                work(compensate(progress, e.getMessage()));
            } catch (LeaseLost lost) {
                LOG.info("Subscription {} is worked on by another hub", progress.subscription());
            }
        }
    }

    /** The reason of a run that is taken back is why it failed, not what keeps it from being taken back. */
    private static String reason(Progress progress, KeystoneException e) {
        return progress.compensating() ? progress.reason() : e.getMessage();
    }

    private Progress compensate(Progress progress, String reason) throws SQLException, LeaseLost {
        return written(rows.write(
                progress.subscription(), "compensating = true, attempts = 0, next_try = null, reason = ?", reason));
    }

    /** Takes back roles and disables projects, those of this run alone; each may be done again. */
    private void undo(Progress progress) throws SQLException, KeystoneException, LeaseLost {
        // another subscription of the customer may count on what is on the customer's project
        boolean shared = rows.isShared(progress.subscription(), progress.customer());
        for (String grant : progress.granted()) {
            String project = grant.substring(0, grant.indexOf('/'));
            if (!shared || !project.equals(progress.customerProject())) {
                identity.revoke(project, progress.user(), grant.substring(grant.indexOf('/') + 1));
            }
        }
        disableMade(progress, progress.project(), progress.projectMade(), SUBSCRIPTION + progress.subscription());
        if (!shared) {
            disableMade(
                    progress,
                    progress.customerProject(),
                    progress.customerProjectMade(),
                    CUSTOMER + progress.customer());
        }
        rows.leave(progress.subscription(), ProvisioningState.FAILED, progress.attempts(), null, progress.reason());
    }

    /** Also one whose making was not noted any more, as its answer was lost: it bears the run's mark. */
    private void disableMade(Progress progress, String id, boolean made, String name) throws KeystoneException {
        if (id != null) {
            if (made) {
                identity.disable(id);
            }
            return;
        }
        Optional<Project> found = identity.find(name, settings.domain());
        if (found.isPresent() && isOurs(progress, found.get())) {
            identity.disable(found.get().id());
        }
    }
}
