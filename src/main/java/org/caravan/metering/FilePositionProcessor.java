package org.caravan.metering;

import java.io.File;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.WrappedFile;
import org.caravan.common.UserError;

/**
 * Gives a file its position: sets {@link CaravanHeaders#POSITION} and, where absent, {@link CaravanHeaders#SOURCE}. The
 * body stays as it is.
 */
public final class FilePositionProcessor implements Processor {
    /** The source of files whose route names none. */
    public static final String DEFAULT_SOURCE = "files";

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        Object body = message.getBody() instanceof WrappedFile<?> wrapped ? wrapped.getFile() : message.getBody();
        Path path;
        if (body instanceof Path p) {
            path = p;
        } else if (body instanceof File file) {
            path = file.toPath();
        } else {
            throw new UserError("a file's position needs a local file as body, found "
                    + (body == null ? "nothing" : body.getClass().getSimpleName())
                    + "; leave this step out for other bodies");
        }
        message.setHeader(CaravanHeaders.POSITION, FilePosition.of(path));
        if (message.getHeader(CaravanHeaders.SOURCE) == null) {
            message.setHeader(CaravanHeaders.SOURCE, DEFAULT_SOURCE);
        }
    }
}
