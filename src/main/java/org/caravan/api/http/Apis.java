package org.caravan.api.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All contracts of one server, each below a path of its own; the longest path that a request lies below decides. */
public final class Apis {
    private final List<Served> served;

    private record Served(String below, Api api) {
        boolean has(String path) {
            return path.startsWith(below)
                    && (below.endsWith("/") || path.length() == below.length() || path.charAt(below.length()) == '/');
        }
    }

    private Apis(List<Served> served) {
        this.served = List.copyOf(served);
    }

    /** Begins with the contract that answers whatever no other one has. */
    public static Builder rest(Api api) {
        return new Builder().below("/", api);
    }

    /** The contract that answers a path, as it was sent. */
    public Api of(String path) {
        for (Served one : served) {
            if (one.has(path)) {
                return one.api();
            }
        }
        return served.get(served.size() - 1).api();
    }

    /** Collects contracts. */
    public static final class Builder {
        private final List<Served> served = new ArrayList<>();

        /** @param path such as {@code /reseller}, which matches whole segments */
        public Builder below(String path, Api api) {
            served.add(new Served(path, api));
            return this;
        }

        public Apis build() {
            List<Served> longestFirst = new ArrayList<>(served);
            longestFirst.sort(
                    Comparator.comparingInt((Served one) -> one.below().length())
                            .reversed());
            return new Apis(longestFirst);
        }
    }
}
