package org.caravan.hub;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.caravan.common.UserError;

/** The directory that invoices are written to: made for the run, and taken back if nothing came of it. */
final class OutDirectory implements AutoCloseable {
    private final Path path;
    private final boolean made;

    private OutDirectory(Path path, boolean made) {
        this.path = path;
        this.made = made;
    }

    static OutDirectory make(Path path) {
        if (Files.isDirectory(path)) {
            return new OutDirectory(path, false);
        }
        try {
            Files.createDirectory(path);
            return new OutDirectory(path, true);
        } catch (IOException e) {
            throw new UserError("output directory " + path + ": can't be made (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (made) {
            try {
                Files.deleteIfExists(path);
            } catch (DirectoryNotEmptyException e) {
                // Invoices are in it: that is what it was made for.
                return;
            }
        }
    }
}
