package org.caravan.hub.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.caravan.common.LostConnection;
import org.caravan.common.Nearest;
import org.caravan.common.UserError;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** From an exception to one line and an exit code. */
final class Errors {
    static final int FAILED = 1;
    static final int WRONG_INPUT = 2;
    static final int QUARANTINED = 3;

    private static final int MAX_CAUSES = 32;

    private Errors() {}

    /** A command line that can't be understood. */
    static int wrongUsage(ParameterException e, PrintStream err) {
        String problem = oneLine(problem(e));
        err.println("caravan: " + problem + (problem.endsWith("?") ? " See " : "; see ")
                + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return WRONG_INPUT;
    }

    /** A command that failed. */
    static int failure(Exception e, CommandLine command, PrintStream err) {
        UserError known = find(e);
        boolean verbose = command.getParseResult().hasMatchedOption("--verbose");
        if (known != null) {
            err.println("caravan: " + oneLine(known.getMessage()));
        } else if (LostConnection.isCauseOf(e)) {
            err.println("caravan: the ledger's database ended or can't be reached any more (" + oneLine(deepest(e))
                    + "); what was committed is kept: see that it runs, then give the same command again");
        } else {
            err.println("caravan: failed: " + oneLine(deepest(e))
                    + (verbose ? "" : "; run it again with --verbose to see where"));
        }
        if (verbose) {
            e.printStackTrace(err);
        }
        return known != null ? known.exitCode() : FAILED;
    }

    /** The error for people within an exception of some framework, or null. */
    static UserError find(Throwable e) {
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
            if (cause instanceof UserError known) {
                return known;
            }
        }
        return null;
    }

    /** A text without line breaks. */
    static String oneLine(String text) {
        return text == null
                ? "no reason given"
                : text.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
    }

    private static String deepest(Throwable e) {
        Throwable cause = e;
        for (int depth = 0; cause.getCause() != null && depth < MAX_CAUSES; depth++) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : ": " + cause.getMessage());
    }

    private static String problem(ParameterException e) {
        CommandLine command = e.getCommandLine();
        // What was written wrong comes before what is missing: mostly it is the same.
        List<String> unmatched =
                e instanceof UnmatchedArgumentException u ? u.getUnmatched() : command.getUnmatchedArguments();
        if (!unmatched.isEmpty()) {
            return unknown(unmatched.get(0), command);
        }
        if (e instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            ArgSpec argument = missing.getMissing().get(0);
            boolean valueOnly = argument.isOption() && missing.getMessage().startsWith("Missing required parameter");
            String name = argument.isOption() ? ((CommandLine.Model.OptionSpec) argument).longestName() : "";
            return valueOnly
                    ? name + " needs a value: " + argument.paramLabel()
                    : (name + " " + argument.paramLabel()).strip() + " is missing";
        }
        if (e instanceof OverwrittenOptionException) {
            return e.getMessage().replaceFirst("option '([^']*)'.*", "option '$1' is given twice");
        }
        return e.getMessage();
    }

    private static String unknown(String argument, CommandLine command) {
        if (argument.startsWith("-")) {
            String name = argument.split("=", 2)[0];
            return "unknown option '" + name + "'" + Nearest.hint(name, options(command));
        }
        if (!command.getSubcommands().isEmpty()) {
            return "unknown command '" + argument + "'"
                    + Nearest.hint(argument, command.getSubcommands().keySet());
        }
        return "unexpected argument '" + argument + "'";
    }

    private static List<String> options(CommandLine command) {
        List<String> names = new ArrayList<>();
        command.getCommandSpec().options().forEach(option -> names.addAll(List.of(option.names())));
        return names;
    }
}
