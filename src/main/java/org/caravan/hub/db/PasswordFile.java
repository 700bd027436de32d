package org.caravan.hub.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;

/** The server's random password, in a file of its data directory that only the owner may read. */
final class PasswordFile {
    static final String NAME = "postgres.password";

    private static final int BYTES = 24;

    private PasswordFile() {}

    /** The password of a data directory; made where there is none yet. */
    static String in(Path data) throws IOException {
        Path file = data.resolve(NAME);
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Path building = Files.createTempFile(data, "postgres", ".password");
        Files.writeString(building, password + "\n", StandardCharsets.US_ASCII);
        Files.move(building, file, StandardCopyOption.ATOMIC_MOVE);
        return password;
    }
}
