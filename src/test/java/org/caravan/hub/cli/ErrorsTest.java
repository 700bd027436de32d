package org.caravan.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.apache.camel.RuntimeCamelException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ErrorsTest {
    @Command(name = "some")
    private static final class Some {
        @Option(names = "--verbose")
        private boolean verbose;
    }

    private static String said(Exception e) {
        CommandLine command = new CommandLine(new Some());
        command.parseArgs();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(Errors.failure(e, command, new PrintStream(err, true, StandardCharsets.UTF_8)))
                .isEqualTo(Errors.FAILED);
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aDatabaseThatEndedIsNamedWithTheRemedyWhateverItComesWrappedIn() {
        // given
        List<Exception> lost = List.of(
                new SQLException("FATAL: terminating connection", "57P02"),
                new RuntimeCamelException(new SQLTransientConnectionException(
                        "no connection", "08001", new ConnectException("Connection refused"))));
        for (Exception e : lost) {
            // when
            String said = said(e);
            // then
            assertThat(said)
                    .contains("the ledger's database ended or can't be reached any more")
                    .contains("give the same command again")
                    .hasLineCount(1);
        }
    }

    @Test
    void anythingElseIsToldAsWhatItIs() {
        // given / when / then
        assertThat(said(new SQLException("no such table", "42P01")))
                .contains("failed: SQLException: no such table")
                .contains("--verbose");
    }
}
