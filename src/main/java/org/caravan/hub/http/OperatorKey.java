package org.caravan.hub.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import org.caravan.api.auth.ApiKeys;
import org.caravan.common.UserError;
import org.caravan.hub.config.HubConfig;
import org.caravan.hub.config.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's key: made by the first hub of a ledger and written once, into a file that its owner alone may read. The
 * ledger keeps a digest, so the file may be taken elsewhere; a lost key is not written again.
 */
public final class OperatorKey {
    private static final String NAME = "operator";
    private static final String FILE = "operator.key";
    private static final String TAKEN = "23505";
    private static final Logger LOG = LoggerFactory.getLogger(OperatorKey.class);

    private OperatorKey() {}

    /** Makes the key of a ledger that has none. */
    public static void make(HubConfig config, ApiKeys keys) throws SQLException {
        if (keys.hasAny(ApiKeys.Kind.OPERATOR)) {
            return;
        }
        Path file = file(config);
        if (file == null) {
            LOG.warn(
                    "Nobody can ask the served APIs yet: this ledger has no operator key, and as it is not in a directory"
                            + " there is no place to write one to; set caravan.api.keyFile, or caravan.auth");
            return;
        }
        try {
            // The file is there before the key counts: a kill between leaves a key that is none, never one that nobody
            // has.
            keys.create(ApiKeys.Wanted.of(NAME, ApiKeys.Kind.OPERATOR, null), key -> write(file, key));
            LOG.info("The operator's key for the served APIs is in {}; keep it secret", file);
        } catch (SQLException e) {
            if (!TAKEN.equals(e.getSQLState())) {
                throw e;
            }
            LOG.info("Another hub of this ledger has just made the operator's key; it is where that one says");
        }
    }

    /** Null where a ledger has no directory and no file is named. */
    private static Path file(HubConfig config) {
        return config.find(Settings.API_KEY_FILE)
                .or(() -> config.find(Settings.LEDGER_URL).isPresent() && !config.isSaid(Settings.DATA)
                        ? java.util.Optional.empty()
                        : config.find(Settings.DATA).map(data -> data.resolve(FILE)))
                .orElse(null);
    }

    private static void write(Path file, String key) {
        try {
            // readable by its owner alone from the first moment
            Path building = Files.createTempFile(file.toAbsolutePath().getParent(), "operator", ".key");
            Files.writeString(building, key + "\n", StandardCharsets.US_ASCII);
            Files.move(building, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UserError(
                    1,
                    "the operator's key can't be written to " + file + " (" + e.getMessage()
                            + "); make its directory writable, or name another file with caravan.api.keyFile",
                    e);
        }
    }
}
