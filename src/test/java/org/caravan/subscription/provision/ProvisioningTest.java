package org.caravan.subscription.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.caravan.common.keystone.Identity;
import org.caravan.subscription.Shop;
import org.caravan.subscription.provision.ProjectKeystone.Failure;
import org.caravan.subscription.tie.Mediator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Projects of subscriptions: made once, whatever fails and whoever is killed where. */
class ProvisioningTest {
    private static final ProvisioningSettings SETTINGS = new ProvisioningSettings(
            "member", "bs-admin", "default", Duration.ofSeconds(1), Duration.ofSeconds(8), 4, Duration.ofMinutes(5));

    private static Shop shop;
    private static ProjectKeystone keystone;

    @BeforeAll
    static void open() throws IOException {
        shop = new Shop();
        shop.plan("plan.xs", "instance", "[]");
        keystone = new ProjectKeystone();
    }

    @AfterAll
    static void close() {
        keystone.close();
    }

    @AfterEach
    void nothingIsLeftToDo() {
        keystone.addRole("bs-admin");
        shop.execute("update provisioning set state = 'failed' where state not in ('active', 'failed')");
    }

    private static void subscribed(String id) {
        shop.customer("c-" + id, "eur");
        shop.subscription(id, "c-" + id, "plan.xs", "2026-10-01T00:00:00Z");
    }

    private static Provisioning hub(Identity identity) {
        return new Provisioning(shop.dataSource, identity, shop.ties, SETTINGS, shop.clock);
    }

    private static Provisioning hub() {
        return hub(keystone.identity());
    }

    private static String row(String id) {
        return shop.rows("select state, reason from provisioning where subscription_id = '" + id + "'")
                .get(0);
    }

    /** The state of its projects; ids of customer and subscription end their names. */
    private static List<String> projects(String id) {
        return keystone.state("customer-c-" + id, "subscription-" + id);
    }

    private static List<String> made(String id) {
        return List.of(
                "bs-customer-c-" + id + " enabled [bs-admin, member]", "bs-subscription-" + id + " enabled [member]");
    }

    @Test
    void aSubscriptionGetsItsProjectsItsRolesAndItsTie() throws Exception {
        // given
        subscribed("one");
        // when
        ProvisioningState first = hub().start("one", "u1", "key-one");
        ProvisioningState again = hub().start("one", "u1", "key-one");
        hub().runDue();
        int requests = keystone.requests();
        hub().runDue();
        // then
        assertThat(first).isEqualTo(ProvisioningState.NEW);
        assertThat(again).isEqualTo(ProvisioningState.NEW);
        assertThat(hub().start("one", "u1", "key-one")).isEqualTo(ProvisioningState.ACTIVE);
        assertThat(projects("one")).isEqualTo(made("one"));
        assertThat(row("one")).isEqualTo("active null");
        assertThat(shop.rows("select s.resource_type, s.resource_id = p.project, s.tied_from = s.created_at"
                        + " from subscription s join provisioning p on p.subscription_id = s.id where s.id = 'one'"))
                .containsExactly("tenant t t");
        assertThat(keystone.requests()).isEqualTo(requests);
        assertThat(new Mediator(shop.dataSource).report(keystone.identity()).withoutProject())
                .extracting(Mediator.Missing::subscription)
                .doesNotContain("one");
    }

    @Test
    void ordersThatContradictEachOtherAreRefused() throws Exception {
        // given
        subscribed("order");
        subscribed("order2");
        hub().start("order", "u1", "key-order");
        // when / then
        assertThatThrownBy(() -> hub().start("order2", "u1", "key-order"))
                .hasMessage("Idempotency-Key: was used for subscription order; use another one");
        assertThatThrownBy(() -> hub().start("order", "u2", null))
                .hasMessage("subscription order is provided for user u1 already");
        assertThatThrownBy(() -> hub().start("order2", " ", null)).hasMessageStartingWith("user_id is missing");
    }

    @Test
    void aKilledHubIsGoneOnWithWhereverItWasKilled() throws Exception {
        int kills = 0;
        for (boolean before : new boolean[] {true, false}) {
            for (int call = 1; ; call++) {
                // given
                String id = "kill" + before + call;
                subscribed(id);
                hub().start(id, "u1", null);
                // when
                boolean killed = isKilled(new Killing(keystone.identity(), call, before));
                hub().runDue();
                // then
                assertThat(projects(id)).as(id).isEqualTo(made(id));
                assertThat(row(id)).as(id).isEqualTo("active null");
                if (!killed) {
                    break;
                }
                kills++;
            }
        }
        // two projects, and three times a role looked up, asked for and granted
        assertThat(kills).isEqualTo(22);
    }

    /** Lets a hub work until it is killed, and its lease end. */
    private static boolean isKilled(Identity identity) throws Exception {
        try {
            hub(identity).runDue();
            return false;
        } catch (Killing.Killed e) {
            assertThat(hub().runDue()).as("another hub waits for the lease").isZero();
            shop.execute("update provisioning set lease_until = now() - interval '1 second' where owner is not null");
            return true;
        }
    }

    @Test
    void whatARunDidIsTakenBackWhereverItIsKilledAndNothingElseIs() throws Exception {
        // given: there is no role bs-admin, so a run fails once the customer's project is there
        keystone.removeRole("bs-admin");
        int kills = 0;
        for (boolean before : new boolean[] {true, false}) {
            for (int call = 1; ; call++) {
                String id = "undo" + before + call;
                subscribed(id);
                hub().start(id, "u1", null);
                // when
                boolean killed = isKilled(new Killing(keystone.identity(), call, before));
                hub().runDue();
                // then
                assertThat(projects(id)).as(id).containsExactly("bs-customer-c-" + id + " disabled []");
                assertThat(row(id))
                        .as(id)
                        .isEqualTo("failed Keystone has no role bs-admin; make it: openstack role create bs-admin");
                if (!killed) {
                    break;
                }
                kills++;
            }
        }
        assertThat(kills).isGreaterThanOrEqualTo(14);
    }

    @Test
    void aProjectThatWasThereBeforeIsUsedAndNeverTouched() throws Exception {
        // given
        subscribed("before");
        String project = keystone.have("bs-customer-c-before");
        keystone.grant(project, "u1", "member");
        keystone.removeRole("bs-admin");
        // when
        hub().start("before", "u1", "key-before-1");
        hub().runDue();
        List<String> failed = projects("before");
        keystone.addRole("bs-admin");
        hub().start("before", "u1", "key-before-2");
        hub().runDue();
        // then
        assertThat(failed).containsExactly("bs-customer-c-before enabled [member]");
        assertThat(projects("before")).isEqualTo(made("before"));
        assertThat(row("before")).isEqualTo("active null");
    }

    @Test
    void aUserThatKeystoneDoesNotKnowEndsTheRun() throws Exception {
        // given
        subscribed("nobody");
        // when
        hub().start("nobody", "u-unknown", null);
        hub().runDue();
        // then
        assertThat(projects("nobody")).containsExactly("bs-customer-c-nobody disabled []");
        assertThat(row("nobody")).startsWith("failed Keystone at").contains("answers 404 when asked to give user");
    }

    @Test
    void whatFailsForAWhileIsTriedAgainWithMoreAndMorePatience() throws Exception {
        // given
        subscribed("away");
        hub().start("away", "u1", null);
        shop.clock.at("2026-10-01T00:00:00Z");
        // when: each failure costs a round; the second wait is two seconds
        keystone.fail(Failure.STATUS_503);
        hub().runDue();
        String first = row("away");
        int early = hub().runDue();
        shop.clock.at("2026-10-01T00:00:01Z");
        keystone.fail(Failure.STATUS_429);
        hub().runDue();
        shop.clock.at("2026-10-01T00:00:02Z");
        int tooEarly = hub().runDue();
        shop.clock.at("2026-10-01T00:00:03Z");
        keystone.fail(Failure.TOKEN_SPENT, Failure.ANSWER_LOST);
        int logins = keystone.logins();
        Provisioning hub = hub();
        hub.runDue();
        // then: a spent token is renewed, and a project whose making was not answered is found
        assertThat(first).startsWith("new Keystone at").contains("answers 503");
        assertThat(early).isZero();
        assertThat(tooEarly).isZero();
        assertThat(keystone.logins()).isEqualTo(logins + 2);
        assertThat(projects("away")).isEqualTo(made("away"));
        assertThat(row("away")).isEqualTo("active null");
    }

    @Test
    void whatStaysAwayIsGivenUpAndTakenBackOnceItCanBe() throws Exception {
        // given: the customer's project is made, then Keystone is away
        subscribed("gone");
        hub().start("gone", "u1", null);
        isKilled(new Killing(keystone.identity(), 4, false));
        // when
        for (int attempt = 1; attempt <= SETTINGS.maxAttempts(); attempt++) {
            shop.clock.at("2026-10-02T00:0" + attempt + ":00Z");
            keystone.fail(Failure.STATUS_503);
            hub().runDue();
        }
        // then
        assertThat(row("gone")).startsWith("failed Keystone at").contains("answers 503");
        assertThat(projects("gone")).containsExactly("bs-customer-c-gone disabled []");
    }

    @Test
    void twoHubsAtOnceMakeOneProjectEach() throws Exception {
        // given
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ids.add("race" + i);
            subscribed("race" + i);
            hub().start("race" + i, "u1", null);
        }
        int before = keystone.requests();
        // when
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> hubs = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Provisioning hub = hub();
                hubs.add(threads.submit(hub::runDue));
            }
            int worked = 0;
            for (Future<Integer> hub : hubs) {
                worked += hub.get();
            }
            assertThat(worked).isEqualTo(ids.size());
        } finally {
            threads.shutdownNow();
        }
        // then
        assertThat(keystone.requests() - before).isEqualTo(11 * ids.size());
        ids.forEach(id -> assertThat(projects(id)).isEqualTo(made(id)));
    }

    @Test
    void theProjectOfAnEndedSubscriptionIsDisabledUnlessItIsSomebodyElses() throws Exception {
        // given
        subscribed("ends");
        subscribed("foreign");
        hub().start("ends", "u1", null);
        hub().runDue();
        shop.tie("foreign", keystone.have("x-foreign"));
        // when
        shop.end("ends", "2026-10-20T00:00:00Z");
        shop.end("foreign", "2026-10-20T00:00:00Z");
        keystone.fail(Failure.STATUS_503);
        hub().runDue();
        shop.clock.at("2026-10-20T00:01:00Z");
        hub().runDue();
        // then
        assertThat(projects("ends"))
                .containsExactly(
                        "bs-customer-c-ends enabled [bs-admin, member]", "bs-subscription-ends disabled [member]");
        assertThat(keystone.state("foreign")).contains("x-foreign enabled []");
        assertThat(shop.rows("select subscription_id, done_at is not null, reason from project_ending"
                        + " where subscription_id in ('ends', 'foreign') order by 1"))
                .containsExactly("ends t null", "foreign t its project was there before");
    }
}
