package org.caravan.api.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.caravan.common.Json;
import org.caravan.testing.TwoProjects;
import org.caravan.testing.openapi.AnyRequests;
import org.caravan.testing.openapi.AnyRequests.Sample;
import org.caravan.testing.openapi.Contract;
import org.caravan.testing.openapi.Known;
import org.caravan.testing.openapi.Operation;
import org.caravan.testing.openapi.RawHttp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests of every kind, by callers of every kind: never an answer that is not in the contract, never one of another
 * tenant. {@code -Dcaravan.fuzz.seed} repeats a run, {@code -Dcaravan.fuzz.requests} says how long it is.
 */
class RatingFuzzTest {
    private static final int REQUESTS = Integer.getInteger("caravan.fuzz.requests", 2_000);
    private static final long SEED = Long.getLong("caravan.fuzz.seed", System.nanoTime());
    private static final int SHOWN = 5;

    @TempDir
    Path directory;

    /** Who asks. */
    private enum Who {
        ADMIN,
        MEMBER,
        WITHOUT_ROLE,
        NOBODY,
        WRONG_TOKEN
    }

    @Test
    void everyAnswerIsInTheContractAndOfTheCallersOwnProject() throws Exception {
        // given
        Random random = new Random(SEED);
        List<String> wrong = new ArrayList<>();
        Map<Integer, Integer> statuses = new TreeMap<>();
        Set<String> done = new TreeSet<>();
        try (TwoProjects projects = new TwoProjects(directory);
                RawHttp http = new RawHttp(projects.hub.port())) {
            Known known = projects.known();
            AnyRequests requests = new AnyRequests(Contract.rating(), random, known);
            for (int i = 0; i < REQUESTS && wrong.size() < SHOWN; i++) {
                // when
                Sample sample = requests.next();
                Who who = who(random);
                RawHttp.Reply reply =
                        http.send(sample.method(), sample.target(), headers(projects, sample, who), sample.body());
                statuses.merge(reply.status(), 1, Integer::sum);
                if (sample.operation() != null && reply.status() < 400) {
                    done.add(sample.operation().toString());
                }
                // then
                for (String problem : problems(sample, who, reply)) {
                    wrong.add("request " + i + " by " + who + ": " + sample + "\n  answered " + reply.status() + " "
                            + shortened(reply.text()) + "\n  " + problem);
                }
                if (who == Who.ADMIN) {
                    learn(known, reply);
                }
            }
            // then
            assertThat(String.join("\n", wrong))
                    .as("seed %d; statuses %s", SEED, statuses)
                    .isEmpty();
            assertThat(projects.hub.get("/healthcheck").status()).isEqualTo(200);
        }
        List<String> never = Contract.rating().operations().stream()
                .map(Operation::toString)
                .filter(operation -> !done.contains(operation))
                .toList();
        System.getLogger(RatingFuzzTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        REQUESTS + " requests from seed " + SEED + ", answers by status: " + statuses
                                + ", operations that never did anything: " + never);
        // a fuzz that gets past no check says nothing
        assertThat(done).hasSizeGreaterThan(Contract.rating().operations().size() / 2);
    }

    private static Who who(Random random) {
        int chance = random.nextInt(100);
        return chance < 55
                ? Who.ADMIN
                : chance < 85
                        ? Who.MEMBER
                        : chance < 92 ? Who.WITHOUT_ROLE : chance < 97 ? Who.NOBODY : Who.WRONG_TOKEN;
    }

    private static Map<String, String> headers(TwoProjects projects, Sample sample, Who who) {
        Map<String, String> headers = new LinkedHashMap<>(sample.headers());
        switch (who) {
            case ADMIN -> headers.put("X-Auth-Token", projects.admin);
            case MEMBER -> headers.put("X-Auth-Token", projects.ana);
            case WITHOUT_ROLE -> headers.put("X-Auth-Token", projects.otto);
            case WRONG_TOKEN -> headers.put("X-Auth-Token", "gAAAAwrong");
            default -> {}
        }
        return headers;
    }

    private static List<String> problems(Sample sample, Who who, RawHttp.Reply reply) {
        List<String> problems = new ArrayList<>();
        int status = reply.status();
        if (status == 0 || status >= 500) {
            problems.add("that is the server's fault, not the caller's");
        }
        // the request line was too long for the server to read it
        if (sample.operation() != null && status != 414) {
            problems.addAll(Contract.rating()
                    .problems(sample.method(), sample.target(), status, reply.headers(), reply.body()));
        } else if (status >= 200 && status < 400 && Contract.rating().find(sample.method(), sample.target()) == null) {
            problems.add("there is no such path");
        }
        boolean refused = status >= 400 || status == 0;
        String policy =
                sample.operation() == null ? "public" : sample.operation().policy();
        boolean may =
                switch (who) {
                    case ADMIN -> true;
                    case MEMBER -> !policy.equals("admin");
                    case WITHOUT_ROLE -> policy.equals("user") || policy.equals("public");
                    case NOBODY, WRONG_TOKEN -> policy.equals("public");
                };
        if (!may && !refused) {
            problems.add("who may not was not refused");
        }
        String text = reply.text();
        boolean foreign = who != Who.ADMIN && text.contains(TwoProjects.wordOf(TwoProjects.BETA))
                || (who == Who.WITHOUT_ROLE || who == Who.NOBODY || who == Who.WRONG_TOKEN)
                        && text.contains(TwoProjects.wordOf(TwoProjects.ALPHA));
        if (foreign) {
            problems.add("that is another's");
        }
        return problems;
    }

    private static void learn(Known known, RawHttp.Reply reply) {
        if (reply.status() == 200 || reply.status() == 201) {
            try {
                known.learn(Json.mapper().readTree(reply.body()));
            } catch (IOException e) {
                // what is no JSON was found wanting above
            }
        }
    }

    private static String shortened(String text) {
        return text.length() > 500 ? text.substring(0, 500) + "..." : text;
    }
}
