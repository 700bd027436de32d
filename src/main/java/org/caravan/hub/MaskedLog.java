package org.caravan.hub;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.management.Secrets;

/**
 * Keeps the configuration's secrets out of the log, whoever writes them there: an ERP that quotes a request in its error, a
 * driver that names its address. It stands between all loggers and wherever they write to.
 */
final class MaskedLog {
    private static volatile Secrets secrets = new Secrets(List.of());

    private MaskedLog() {}

    /** From here on these are masked. */
    static void of(HubConfig config) {
        secrets = new Secrets(config.secrets());
        // another logger than the one that the hub comes with is its owner's to configure
        if (LogManager.getContext(false) instanceof LoggerContext context) {
            synchronized (MaskedLog.class) {
                cover(context.getConfiguration().getRootLogger());
                context.getConfiguration().getLoggers().values().forEach(MaskedLog::cover);
            }
            context.updateLoggers();
        }
    }

    private static void cover(LoggerConfig logger) {
        for (Appender appender : List.copyOf(logger.getAppenders().values())) {
            if (!(appender instanceof Masking)) {
                logger.removeAppender(appender.getName());
                Masking masking = new Masking(appender);
                masking.start();
                logger.addAppender(masking, null, null);
            }
        }
    }

    /** In front of another appender. */
    private static final class Masking extends AbstractAppender {
        private final Appender behind;

        Masking(Appender behind) {
            super(behind.getName(), null, null, behind.ignoreExceptions(), Property.EMPTY_ARRAY);
            this.behind = behind;
        }

        @Override
        public void append(LogEvent event) {
            String message = event.getMessage().getFormattedMessage();
            String masked = secrets.mask(message);
            String thrown = event.getThrown() == null ? null : trace(event.getThrown());
            boolean inThrown = thrown != null && !secrets.mask(thrown).equals(thrown);
            if (masked.equals(message) && !inThrown) {
                behind.append(event);
                return;
            }
            Log4jLogEvent.Builder other = new Log4jLogEvent.Builder(event);
            if (inThrown) {
                // an exception's own text can't be changed: its name and reason stand in the message instead
                masked += ": " + secrets.mask(event.getThrown().toString());
                other.setThrown(null);
            }
            behind.append(other.setMessage(new SimpleMessage(masked)).build());
        }

        private static String trace(Throwable thrown) {
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return text.toString();
        }
    }
}
