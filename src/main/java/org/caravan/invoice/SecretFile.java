package org.caravan.invoice;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.spi.PropertiesFunction;
import org.caravan.common.UserError;

/**
 * What a setting of Camel's says as <code>{{file:/run/secrets/token}}</code>: the text of that file, without the end of its
 * last line. Camel finds it by {@code META-INF/services/org/apache/camel/properties-function/file}.
 */
public final class SecretFile implements PropertiesFunction {
    private static final int MAX_BYTES = 64 << 10;

    /** What is kept elsewhere, as Camel writes it. */
    private static final Pattern ELSEWHERE = Pattern.compile("\\{\\{(env|file):([^{}]+)}}");

    @Override
    public String getName() {
        return "file";
    }

    @Override
    public String apply(String path) {
        return read(path);
    }

    /**
     * A value with what it says as <code>{{file:...}}</code> or <code>{{env:...}}</code> put in, for those who use it outside
     * of a Camel context.
     *
     * @throws UserError if it can't be read
     */
    public static String resolved(String value) {
        return ELSEWHERE.matcher(value).replaceAll(named -> {
            String found = named.group(1).equals("file") ? read(named.group(2)) : System.getenv(named.group(2));
            if (found == null) {
                throw new UserError("environment variable " + named.group(2) + " is not set");
            }
            return Matcher.quoteReplacement(found);
        });
    }

    /**
     * The text of a file that holds a secret.
     *
     * @throws UserError if it can't be read
     */
    public static String read(String path) {
        try {
            Path file = Path.of(path);
            if (Files.size(file) > MAX_BYTES) {
                throw new UserError("secret file " + path + ": larger than " + MAX_BYTES + " bytes");
            }
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException | InvalidPathException e) {
            throw new UserError("secret file " + path + ": can't be read (" + e.getMessage() + ")", e);
        }
    }
}
