package org.caravan.hub.connector.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What goes between a connector and its target over HTTP, and what is done to it. One for all addresses of a connector. */
final class Wire {
    private static final Plan WELL = (n, request) -> Act.well();

    private final List<Passed> log = new ArrayList<>();
    private Plan plan = WELL;
    private CountDownLatch held = new CountDownLatch(1);
    private int pairing;

    /** Says what becomes of the n-th request (from 1) since the plan was made. */
    interface Plan {
        Act of(int n, Request request);
    }

    /** A request as the connector sent it. */
    record Request(int n, String method, String path, byte[] body) {
        boolean isSame(Request other) {
            return method.equals(other.method) && path.equals(other.path) && java.util.Arrays.equals(body, other.body);
        }
    }

    /** What is done to a request and its answer. */
    enum Kind {
        WELL,
        /** Done by the target, and the connection breaks. */
        LOST,
        /** Done by the target, and no answer comes before {@link Wire#heal()}. */
        HELD,
        /** Never reaches the target: {@link Act#status()} is answered. */
        ANSWERED,
        /** Done by the target, and {@link Act#status()} is answered in the place of its own. */
        REPLACED,
        /** Done by the target, and its answer says {@link Act#into()} where it said {@link Act#text()}. */
        EDITED,
        /** Waits until a second request comes, then goes well. */
        PAIRED
    }

    /** @param retryAfter header of the answer, or null */
    record Act(Kind kind, int status, String retryAfter, String text, String into) {
        static Act well() {
            return of(Kind.WELL);
        }

        static Act of(Kind kind) {
            return new Act(kind, 0, null, null, null);
        }

        static Act status(Kind kind, int status, String retryAfter) {
            return new Act(kind, status, retryAfter, null, null);
        }

        static Act edit(String text, String into) {
            return new Act(Kind.EDITED, 200, null, text, into);
        }
    }

    /**
     * A request that came to its end.
     *
     * @param status of the target's answer; 0 if it did not get the request, or gave none
     * @param answer the target's
     * @param told true if the connector got that answer
     */
    record Passed(Request request, Kind kind, int status, byte[] answer, boolean told) {}

    /** From now on this happens; what was is forgotten. */
    synchronized void plan(Plan next) {
        plan = next;
        log.clear();
        asked = 0;
        away = null;
        held = new CountDownLatch(1);
    }

    /** From now on all goes well, also what was held back; what has passed is kept. */
    synchronized void heal() {
        plan = WELL;
        held.countDown();
    }

    private int asked;

    synchronized Request request(String method, String path, byte[] body) {
        return new Request(++asked, method, path, body);
    }

    synchronized Act act(Request request) {
        return plan.of(request.n(), request);
    }

    synchronized void passed(Passed one) {
        log.add(one);
    }

    private String away;

    /** The target could not be reached. */
    synchronized void away(String reason) {
        away = reason;
    }

    /** Why the target could not be reached since the plan was made; null if it could. */
    synchronized String away() {
        return away;
    }

    /** What has passed since the plan was made. */
    synchronized List<Passed> log() {
        return List.copyOf(log);
    }

    void awaitHeal(long millis) throws InterruptedException {
        CountDownLatch latch;
        synchronized (this) {
            latch = held;
        }
        latch.await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    /** Waits for a second one that wants the same, not for long. */
    synchronized void awaitPair(long millis) throws InterruptedException {
        int mine = ++pairing;
        if (mine % 2 == 0) {
            notifyAll();
            return;
        }
        long end = System.nanoTime() + millis * 1_000_000;
        while (pairing == mine) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                // nobody came: the next one begins a new pair
                pairing++;
                return;
            }
            wait(left);
        }
    }
}
