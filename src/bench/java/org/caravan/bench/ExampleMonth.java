package org.caravan.bench;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.caravan.bench.ExampleCloud.Tenant;

/**
 * October 2026 as a cloud of 25 tenants meters it, without any mistake: long-lived things once a day, short-lived ones
 * once an hour, in the order in which their periods end.
 */
final class ExampleMonth {
    static final Instant BEGIN = Instant.parse("2026-10-01T00:00:00Z");
    static final Instant END = Instant.parse("2026-11-01T00:00:00Z");
    private static final long MONTH_SECONDS = Duration.between(BEGIN, END).toSeconds();

    private final SplittableRandom random;
    private final List<UsageLine> lines = new ArrayList<>();

    private ExampleMonth(long seed) {
        random = new SplittableRandom(seed);
    }

    static List<UsageLine> lines(long seed) {
        ExampleMonth month = new ExampleMonth(seed);
        ExampleCloud.TENANTS.forEach(month::tenant);
        month.lines.sort(Comparator.comparing(UsageLine::end));
        return month.lines;
    }

    private void tenant(Tenant tenant) {
        for (int d = 0; d < tenant.datacenters(); d++) {
            String datacenter = ExampleCloud.DATACENTERS.get((tenant.home() + d) % ExampleCloud.DATACENTERS.size());
            Place place = new Place(tenant.id(), datacenter, zone(tenant, datacenter));
            int servers = Math.max(1, tenant.size() * 10 / (3 * (d + 1)));
            for (int i = 0; i < servers; i++) {
                server(place);
            }
            for (int i = 0; i < tenant.jobs() * 3 / (5 * (d + 1)); i++) {
                job(place);
            }
            traffic(place, tenant.size());
            if (tenant.size() > 1) {
                objects(place, tenant.size());
            }
        }
        if (tenant.id().equals("weka-games")) {
            Thing balancer = new Thing(uuid(), ExampleFile.UNPRICED_METER, "hour", "", "", "game lobby", "");
            periods(new Place(tenant.id(), "nz-por-1", ZoneOffset.UTC), balancer, BEGIN, END, 24, hours -> hours);
        }
    }

    /** Most sources write UTC with a Z; one datacenter's writes New Zealand time, one tenant's none at all. */
    private static ZoneOffset zone(Tenant tenant, String datacenter) {
        if (tenant.id().equals("rimu-timber")) {
            return null;
        }
        return tenant.id().equals("tui-airways") && datacenter.equals("nz-wlg-2")
                ? ZoneOffset.ofHours(13)
                : ZoneOffset.UTC;
    }

    /** A long-lived instance with its root disk, some with more disks and an address; some resized, stopped or new. */
    private void server(Place place) {
        Instant from = chance(15) ? BEGIN.plusSeconds(random.nextLong(MONTH_SECONDS - 86_400)) : BEGIN;
        Instant to = chance(10)
                ? from.plusSeconds(
                        random.nextLong(3_600, Duration.between(from, END).toSeconds()))
                : END;
        int size = Math.min(random.nextInt(6), random.nextInt(6));
        String flavor = ExampleCloud.FLAVORS.get(chance(2) ? 6 : size);
        String os = ExampleCloud.SYSTEMS.get(random.nextInt(ExampleCloud.SYSTEMS.size()));
        String name = ExampleCloud.NAMES.get(random.nextInt(ExampleCloud.NAMES.size())) + " " + random.nextInt(1, 30);
        Thing instance = new Thing(uuid(), "instance", "hour", flavor, "", name, os);
        long life = Duration.between(from, to).toSeconds();
        if (chance(8) && life > 7_200) {
            Instant resized = from.plusSeconds(random.nextLong(life / 4, life / 2));
            periods(place, instance, from, resized, 24, hours -> hours);
            periods(
                    place,
                    instance.withFlavor(ExampleCloud.FLAVORS.get(size < 5 ? size + 1 : 0)),
                    resized,
                    to,
                    24,
                    h -> h);
        } else if (chance(10) && life > 7_200) {
            Instant stopped = from.plusSeconds(random.nextLong(life / 4, life / 2));
            Instant started = stopped.plusSeconds(random.nextLong(life / 8, life / 3));
            periods(place, instance, from, stopped, 24, hours -> hours);
            periods(place, instance, started, to, 24, hours -> hours);
        } else {
            periods(place, instance, from, to, 24, hours -> hours);
        }
        disk(place, name + " root", 10 + 10 * random.nextInt(8), from, to);
        if (chance(40)) {
            disk(place, name + " data", 50 * random.nextInt(1, 30), from, to);
        }
        if (chance(35)) {
            Thing address = new Thing(
                    "103.197." + random.nextInt(60, 64) + "." + random.nextInt(1, 255) + "/" + uuid().substring(0, 8),
                    "ip.floating",
                    "hour",
                    "",
                    "",
                    "",
                    "");
            periods(place, address, from, to, 24, hours -> hours);
        }
    }

    private void disk(Place place, String name, int gigabytes, Instant from, Instant to) {
        String type = ExampleCloud.VOLUME_TYPES.get(chance(30) ? 1 : 0);
        Thing volume = new Thing(uuid(), "volume.size", "GiB-hour", "", type, name, "");
        periods(place, volume, from, to, 24, hours -> hours.multiply(BigDecimal.valueOf(gigabytes)));
    }

    /** An instance of some hours, metered by the hour; its begin and end fall on any microsecond. */
    private void job(Place place) {
        long micros = random.nextLong((MONTH_SECONDS - 72 * 3_600) * 1_000_000);
        Instant from = BEGIN.plus(micros, ChronoUnit.MICROS);
        Instant to = from.plusSeconds(random.nextLong(600, 60 * 3_600));
        String flavor = ExampleCloud.FLAVORS.get(2 + random.nextInt(3));
        Thing instance =
                new Thing(uuid(), "instance", "hour", flavor, "", "job-" + random.nextInt(10_000), "debian-13");
        periods(place, instance, from, to, 1, hours -> hours);
    }

    private void traffic(Place place, int size) {
        String router = "router-" + uuid().substring(0, 8);
        int step = size >= 5 ? 6 : 24;
        Thing out = new Thing(router, "network.traffic.out", "GB", "", "", "", "");
        periods(place, out, BEGIN, END, step, hours -> gigabytes(hours, size * 9_000L));
        Thing in = new Thing(router, "network.traffic.in", "GB", "", "", "", "");
        periods(place, in, BEGIN, END, step, hours -> gigabytes(hours, size * 3_000L));
    }

    private void objects(Place place, int size) {
        for (String container : List.of("backups", "media")) {
            long start = random.nextLong(1, size * 260_000L);
            Thing store = new Thing(container, "storage.objects.size", "GB-hour", "", "", container, "");
            periods(place, store, BEGIN, END, 24, hours -> BigDecimal.valueOf(
                            start + random.nextLong(size * 20_000L), 3)
                    .multiply(hours)
                    .setScale(3, RoundingMode.HALF_UP));
        }
    }

    /** Some thousandths of a gigabyte for each hour, to the byte. */
    private BigDecimal gigabytes(BigDecimal hours, long perHour) {
        BigDecimal bytes = BigDecimal.valueOf(random.nextLong(perHour * 1_000_000), 9);
        return bytes.multiply(hours).setScale(9, RoundingMode.HALF_UP).stripTrailingZeros();
    }

    /** One record for each full or begun step of hours in [from, to). */
    private void periods(Place place, Thing thing, Instant from, Instant to, int stepHours, Quantity quantity) {
        Instant begin = from;
        while (begin.isBefore(to)) {
            long sinceStart = Duration.between(BEGIN, begin).toHours();
            Instant next = BEGIN.plus((sinceStart / stepHours + 1) * stepHours, ChronoUnit.HOURS);
            Instant end = next.isBefore(to) ? next : to;
            BigDecimal hours = BigDecimal.valueOf(Duration.between(begin, end).toNanos() / 1_000)
                    .divide(BigDecimal.valueOf(3_600_000_000L), 6, RoundingMode.HALF_UP)
                    .stripTrailingZeros();
            if (hours.signum() > 0) {
                lines.add(new UsageLine(
                        id(),
                        place.tenant,
                        place.datacenter,
                        thing.resource,
                        thing.meter,
                        quantity.of(hours),
                        thing.unit,
                        begin,
                        end,
                        place.zone,
                        thing.flavor,
                        thing.volumeType,
                        thing.name,
                        thing.os));
            }
            begin = end;
        }
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private String id() {
        return String.format("%012x", random.nextLong(1L << 48));
    }

    private String uuid() {
        String hex = String.format("%016x%016x", random.nextLong(), random.nextLong());
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }

    private record Place(String tenant, String datacenter, ZoneOffset zone) {}

    private record Thing(
            String resource, String meter, String unit, String flavor, String volumeType, String name, String os) {
        Thing withFlavor(String other) {
            return new Thing(resource, meter, unit, other, volumeType, name, os);
        }
    }

    private interface Quantity {
        BigDecimal of(BigDecimal hours);
    }
}
