package org.caravan.invoice;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.caravan.invoice.ConnectorCall.Answer;
import org.caravan.invoice.Lookups.Known;
import org.caravan.invoice.Lookups.Question;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a connector about a document in doubt.
 *
 * <p>A "no" is believed only of a connector that, asked at once about the newest document it has committed, says yes: one
 * that looks in the wrong place finds nothing, ever, and would have each doubtful invoice doubled.
 */
final class LaneQuestion {
    private static final Logger LOG = LoggerFactory.getLogger(LaneQuestion.class);

    private final ConnectorCall call;
    private final ConnectorInfo info;
    private final DeliveryStores stores;

    LaneQuestion(ConnectorCall call, ConnectorInfo info, DeliveryStores stores) {
        this.call = call;
        this.info = info;
        this.stores = stores;
    }

    /** How a question bears on what follows in its lane. */
    enum End {
        /** The doubt has ended. */
        ANSWERED,
        /** It has not, and is no sign that other documents would fare ill. */
        NOT_NOW,
        /** The connector could not be asked: its ERP is most likely down. */
        FAILED
    }

    End ask(Lanes.Claim claim) throws SQLException {
        Optional<Question> begun = stores.lookups().begin(claim);
        if (begun.isEmpty()) {
            return End.NOT_NOW;
        }
        Question question = begun.get();
        Answer answer =
                call.ask(question.document(), question.attempt(), stores.clock().instant());
        if (answer.error() == null && answer.hasReference()) {
            return answered(question, Keeping.surely(() -> stores.lookups()
                    .found(question, answer.reference(), answer.total(), answer.currency())));
        }
        if (answer.error() == null && answer.absent()) {
            return absent(question);
        }
        String reason = answer.error() != null
                ? Failures.reason(answer.error())
                : "it answered neither a reference nor that it certainly is not there";
        Duration pause = answer.retryAfter() == null ? Duration.ZERO : answer.retryAfter();
        vain(question, reason, pause);
        if (answer.error() == null) {
            return End.NOT_NOW;
        }
        stores.pauses().failed(question.lane(), false, reason, answer.retryAfter(), ThreadLocalRandom.current());
        return End.FAILED;
    }

    private End absent(Question question) throws SQLException {
        Optional<Known> known = stores.lookups()
                .known(question.lane().connector(), question.document().issuer());
        if (known.isEmpty()) {
            vain(
                    question,
                    "it says that it is not there, but has committed nothing yet by which to see whether its lookup works;"
                            + " look in the ERP, then adopt or resend",
                    Duration.ZERO);
            return End.NOT_NOW;
        }
        Answer control = call.ask(known.get().document(), 0, stores.clock().instant());
        if (control.error() != null || !control.hasReference()) {
            vain(
                    question,
                    "it says that it is not there, but does not find "
                            + known.get().document().number() + " either, which it has committed as "
                            + known.get().reference() + "; correct its lookup",
                    Duration.ZERO);
            return End.NOT_NOW;
        }
        return answered(question, Keeping.surely(() -> stores.lookups().absent(question)));
    }

    private void vain(Question question, String reason, Duration pause) throws SQLException {
        LOG.warn(
                "Document {}, connector {}: in doubt, asked in vain: {}",
                question.document().number(),
                info.name(),
                reason);
        Keeping.surely(() -> stores.lookups().unknown(question, reason, pause, ThreadLocalRandom.current()));
    }

    private End answered(Question question, Optional<DeliveryState> state) {
        LOG.info(
                "Document {}, connector {}: in doubt, asked; the delivery is {}",
                question.document().number(),
                info.name(),
                state.map(DeliveryState::code).orElse("another hub's now"));
        return state.isPresent() && state.get() != DeliveryState.IN_DOUBT ? End.ANSWERED : End.NOT_NOW;
    }
}
