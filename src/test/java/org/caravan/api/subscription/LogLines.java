package org.caravan.api.subscription;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What is logged while something happens, stack traces included. */
public final class LogLines {
    private LogLines() {}

    public static List<String> during(Level level, Runnable work) {
        List<String> lines = new CopyOnWriteArrayList<>();
        AbstractAppender appender = new AbstractAppender("log-lines", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getMessage().getFormattedMessage() + " " + event.getThrown());
            }
        };
        appender.start();
        Logger root = (Logger) LogManager.getRootLogger();
        Level before = root.getLevel();
        root.addAppender(appender);
        root.setLevel(level);
        try {
            work.run();
        } finally {
            root.setLevel(before);
            root.removeAppender(appender);
        }
        return lines;
    }
}
