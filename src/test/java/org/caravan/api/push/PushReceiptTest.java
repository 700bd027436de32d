package org.caravan.api.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.caravan.api.http.Answer;
import org.caravan.api.http.ApiError;
import org.caravan.api.http.Caller;
import org.caravan.ledger.Ledger;
import org.caravan.ledger.LedgerSettings;
import org.caravan.ledger.PushAnswers;
import org.caravan.ledger.Sources;
import org.caravan.metering.CaravanJsonlDataFormat;
import org.caravan.metering.UsageBatch;
import org.caravan.testing.CrashPoint;
import org.caravan.testing.UsageLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pushes whose hub dies at every step of their transaction, and are pushed again. */
class PushReceiptTest {
    /** Steps between two deaths; -Pchaos dies at each. */
    private static final int STRIDE = Integer.getInteger("caravan.faults", 3) > 3 ? 1 : 7;

    private static final Caller.Grant ANY = new Caller.Grant("meters", Set.of(), true);

    private final UsageLedger usage = new UsageLedger();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final CaravanJsonlDataFormat format = new CaravanJsonlDataFormat();

    @BeforeEach
    void start() throws Exception {
        context.getRegistry().bind("clock", UsageLedger.CLOCK);
        format.setCamelContext(context);
        context.start();
        format.start();
        new Sources(usage.database, UsageLedger.CLOCK).configure("meters", "push");
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
    }

    @Test
    void aHubThatDiesAtAnyStepBillsAKeyedPushOnceAndAnswersItAsItWouldHave() throws Exception {
        // given
        int deaths = 0;
        for (boolean after : new boolean[] {false, true}) {
            for (int step = after ? 3 : 0; ; step += STRIDE) {
                String name = "t" + step + after;
                CrashPoint crash = new CrashPoint(usage.database, step, after);
                // when
                try {
                    push(crash.dataSource(), name, "key-" + name);
                } catch (SQLException | RuntimeException e) {
                    assertThat(crash.isDead()).as(e.toString()).isTrue();
                }
                Answer answer = push(usage.database, name, "key-" + name);
                Answer again = push(usage.database, name, "key-" + name);
                // then
                assertThat(text(answer))
                        .contains("\"accepted\":2")
                        .contains("\"quarantined\":1")
                        .contains("no decimal");
                assertThat(text(again)).isEqualTo(text(answer));
                assertThat(again.headers()).containsEntry("Idempotent-Replayed", "true");
                assertThat(billed(name)).as(name).isEqualTo("5 2");
                assertThat(usage.rows("select count(*) from quarantine where tenant = '" + name + "'"))
                        .as(name)
                        .containsExactly("1");
                if (!crash.isDead()) {
                    break;
                }
                deaths++;
            }
        }
        assertThat(deaths).isGreaterThan(3);
    }

    @Test
    void withoutAKeyTheSamePushAgainIsDuplicatesAndWhatIsHeldIsHeldOnce() throws Exception {
        // given
        push(usage.database, "plain", null);
        // when
        Answer again = push(usage.database, "plain", null);
        // then
        assertThat(text(again))
                .contains("\"duplicate\":2")
                .contains("\"quarantined\":1")
                .contains("no decimal");
        assertThat(billed("plain")).isEqualTo("5 2");
        assertThat(usage.rows("select count(*) from quarantine where tenant = 'plain'"))
                .containsExactly("1");
    }

    @Test
    void anAnswerIsForgottenAfterItsTimeAndTheRecordsAreStillBilledOnce() throws Exception {
        // given
        push(usage.database, "old", "reused");
        Clock later = Clock.offset(UsageLedger.CLOCK, Duration.ofHours(25));
        PushAnswers answers = new PushAnswers(usage.database, Duration.ofHours(24), later);
        // when
        Answer again = push(usage.database, "old", "reused", answers);
        Answer other = push(usage.database, "new", "another", answers);
        // then
        assertThat(text(again)).contains("\"duplicate\":2");
        assertThat(text(other)).contains("\"accepted\":2");
        assertThat(billed("old")).isEqualTo("5 2");
        assertThat(answers.forget()).isZero();
        assertThat(new PushAnswers(usage.database, Duration.ZERO, later).forget())
                .isEqualTo(2);
    }

    @Test
    void aKeyOfAnotherBodyTakesNothing() throws Exception {
        // given
        push(usage.database, "first", "same");
        // when / then
        assertThatThrownBy(() -> push(usage.database, "second", "same"))
                .isInstanceOfSatisfying(
                        ApiError.class, e -> assertThat(e.status()).isEqualTo(409));
        assertThat(billed("second")).isEqualTo("null 0");
    }

    private Answer push(DataSource database, String tenant, String key) throws Exception {
        return push(database, tenant, key, new PushAnswers(database, Duration.ofHours(24), UsageLedger.CLOCK));
    }

    /** Two good records and a bad one, by a hub of its own. */
    private Answer push(DataSource database, String tenant, String key, PushAnswers answers) throws Exception {
        byte[] body = ("["
                        + UsageLedger.line(tenant, "vm", "m", "2", "2026-11-01T00:00:00Z", "") + ","
                        + UsageLedger.line(tenant, "vm", "m", "few", "2026-11-01T01:00:00Z", "") + ","
                        + UsageLedger.line(tenant, "vm", "m", "3", "2026-11-01T02:00:00Z", "") + "]")
                .getBytes(StandardCharsets.UTF_8);
        Push push = new Push(body, PushFormat.JSON, ANY, PushRecords.of(body, PushFormat.JSON, 100));
        PushReceipt receipt = new PushReceipt(push, key, answers);
        UsageBatch batch = (UsageBatch) format.unmarshal(new DefaultExchange(context), push);
        usage.rate(batch);
        new Ledger(database, LedgerSettings.defaults(), UsageLedger.CLOCK).commit(batch, receipt);
        return receipt.answer();
    }

    private String billed(String tenant) throws SQLException {
        return usage.rows(
                        "select sum(e.quantity), coalesce(sum(e.records), 0) from entry e join tenant t on t.id = e.tenant"
                                + " where t.name = '" + tenant + "'")
                .get(0);
    }

    private static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
