package org.caravan.metering.sample;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.caravan.common.Decimals;

/** How long an instance was in a state that is billed, by flavor, in seconds. */
final class Uptime implements Transformer {
    private static final String STATE = "state";
    private static final String FLAVOR = "flavor";

    /** The meter whose volume is the state; its codes are the places in this list, from 1. */
    private static final String NUMERIC_METER = "state";

    private static final List<String> CODES = List.of(
            "active",
            "building",
            "paused",
            "suspended",
            "stopped",
            "rescued",
            "resized",
            "soft_deleted",
            "deleted",
            "error",
            "shelved",
            "shelved_offloaded");

    private static final int MICROS_DIGITS = 6;

    @Override
    public List<Stretch> apply(Transform transform, List<Sample> samples, Window window) {
        if (samples.stream().noneMatch(sample -> isTracked(transform, sample))) {
            return List.of();
        }
        Clock clock = new Clock(transform, window);
        Sample previous = samples.get(0);
        clock.begin(previous.at());
        for (Sample sample : samples.subList(1, samples.size())) {
            if (isTracked(transform, previous) && sample.at() > clock.time) {
                clock.add(sample.at(), previous);
            }
            previous = sample;
        }
        if (isTracked(transform, previous) && clock.seen) {
            clock.add(window.end(), previous);
        }
        return clock.stretches();
    }

    private static boolean isTracked(Transform transform, Sample sample) {
        String state = state(transform, sample);
        return state != null && transform.states().contains(state);
    }

    private static String state(Transform transform, Sample sample) {
        if (sample.meter().equals(NUMERIC_METER) && sample.volume() != null) {
            BigDecimal code = sample.volume().stripTrailingZeros();
            return code.scale() > 0 || code.signum() <= 0 || code.compareTo(BigDecimal.valueOf(CODES.size())) > 0
                    ? null
                    : CODES.get(code.intValueExact() - 1);
        }
        String state = transform.field(STATE, sample);
        return state == null ? null : state.toLowerCase(Locale.ROOT);
    }

    /** Goes through the window and notes what was used until where. */
    private static final class Clock {
        private final Transform transform;
        private final Window window;
        private final List<Stretch> runs = new ArrayList<>();
        private long time;
        private boolean seen;

        Clock(Transform transform, Window window) {
            this.transform = transform;
            this.window = window;
        }

        /** A first sample before the window tells a state only: nothing is billed until another one confirms it. */
        void begin(long at) {
            seen = at >= window.begin();
            time = Math.max(at, window.begin());
        }

        void add(long until, Sample of) {
            String flavor = transform.serviceOf(transform.field(FLAVOR, of));
            Stretch last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            long from = time;
            if (last != null && Objects.equals(last.service(), flavor)) {
                from = last.begin();
                runs.remove(last);
            }
            runs.add(new Stretch(from, until, "", flavor));
            time = until;
            seen = true;
        }

        List<Stretch> stretches() {
            return runs.stream()
                    .filter(run -> run.end() > run.begin())
                    .map(run -> new Stretch(
                            run.begin(),
                            run.end(),
                            Decimals.plain(BigDecimal.valueOf(run.end() - run.begin(), MICROS_DIGITS)),
                            run.service()))
                    .toList();
        }
    }

    @Override
    public String unit(String unit) {
        return "second";
    }

    @Override
    public Map<String, List<String>> fields() {
        return Map.of(
                STATE,
                List.of("status", "state"),
                FLAVOR,
                List.of("instance_type", "flavor.name", "flavor.id", "instance_flavor_id"));
    }

    @Override
    public String service() {
        return FLAVOR;
    }
}
