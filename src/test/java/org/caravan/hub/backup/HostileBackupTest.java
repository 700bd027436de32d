package org.caravan.hub.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups that mean ill. */
class HostileBackupTest {
    private static final String HEAD = "{\"format\": 1, ";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"../../outside", "/outside", "a/../../outside", "C:\\outside"})
    void aMemberThatWouldLieElsewhereIsRefusedAndNothingIsWritten(String name) throws Exception {
        // given
        Path file = directory.resolve("in/backup.zip");
        Files.createDirectories(file.getParent());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(BackupManifest.ENTRY));
            zip.write((HEAD + "\"tables\": [{\"name\": \"x\", \"entry\": \"" + name.replace("\\", "\\\\") + "\"}]}")
                    .getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry(name));
            zip.write(new byte[10]);
        }
        // when, then
        assertThatThrownBy(() -> BackupArchive.open(file)).isInstanceOf(UserError.class);
        try (var files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)).containsExactly(file);
        }
    }

    @Test
    void aManifestWithoutEndIsNotReadToItsEnd() throws Exception {
        // given: a gigabyte of blanks
        Path file = directory.resolve("backup.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(BackupManifest.ENTRY));
            byte[] blanks = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 256; i++) {
                zip.write(blanks);
            }
        }
        // when, then
        assertThatThrownBy(() -> BackupArchive.open(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("too long or damaged");
    }
}
