package org.caravan.bench;

import java.util.List;

/** The cloud of the example month: who its tenants are and what it offers. */
final class ExampleCloud {
    static final List<String> DATACENTERS = List.of("nz-por-1", "nz-hlz-1", "nz-wlg-2");

    static final List<String> FLAVORS =
            List.of("c1.c1r1", "c1.c1r2", "c1.c2r4", "c1.c4r8", "c1.c8r16", "c1.c8r32", "c2.gpu1");

    static final List<String> SYSTEMS = List.of("ubuntu-24.04", "debian-13", "rocky-10", "windows-2025");

    static final List<String> VOLUME_TYPES = List.of("b1.standard", "b1.nvme");

    /**
     * @param id as the cloud writes it into every record
     * @param size 1 = a small shop, 8 = the largest tenant
     * @param datacenters how many of the three it uses, beginning with {@code home}
     * @param home index of its first datacenter
     * @param jobs short-lived instances in the month
     */
    record Tenant(String id, int size, int datacenters, int home, int jobs) {}

    static final List<Tenant> TENANTS = List.of(
            new Tenant("aroha-health", 5, 2, 0, 40),
            new Tenant("kowhai-bank", 8, 3, 0, 60),
            new Tenant("tui-airways", 6, 2, 2, 45),
            new Tenant("pounamu-retail", 4, 2, 1, 20),
            new Tenant("kea-robotics", 3, 1, 0, 70),
            new Tenant("moana-fisheries", 2, 1, 1, 5),
            new Tenant("rimu-timber", 1, 1, 1, 0),
            new Tenant("kauri-insurance", 5, 2, 2, 15),
            new Tenant("harakeke-textiles", 1, 1, 0, 2),
            new Tenant("ruru-security", 3, 3, 2, 10),
            new Tenant("weka-games", 4, 2, 0, 80),
            new Tenant("pūkeko-press", 1, 1, 2, 0),
            new Tenant("kakapo.conservation", 2, 1, 0, 8),
            new Tenant("kakapo_conservation", 1, 1, 0, 0),
            new Tenant("totara-engineering", 3, 1, 1, 12),
            new Tenant("takahe-university", 6, 3, 1, 90),
            new Tenant("hoiho/tours", 1, 1, 2, 0),
            new Tenant("piwakawaka-media", 3, 2, 0, 25),
            new Tenant("2f1d7c0b9a8e4d56b3c17f60e5a4921c", 4, 2, 0, 30),
            new Tenant("8b6e03d5f4a94c27a1d0e97c52b3f618", 3, 1, 1, 22),
            new Tenant("c47a90e2d1b84f3f9e65a08d7b21c3f4", 2, 1, 2, 10),
            new Tenant("0d93be617fc2481ab5e84c70a6f1d259", 2, 2, 1, 14),
            new Tenant("e15fa8c3706b4d928ac4b0f39d57e261", 1, 1, 0, 0),
            new Tenant("73c2d9f04ea14b8d8f6150c3be79a2d4", 1, 1, 2, 4),
            new Tenant("a9b80c4de7f34216bd2c6e15f07389ca", 5, 2, 1, 35));

    /** Names that tenants give to their instances: accents, emoji, quotes, commas and spreadsheet formulas among them. */
    static final List<String> NAMES = List.of(
            "web",
            "db",
            "Kōwhai portal",
            "api, internal",
            "the \"old\" mail server",
            "=SUM(A1:A9)",
            "batch 🚀",
            "+64 telephony",
            "café-prod",
            "backup",
            "@cron",
            "jump host",
            "monitoring",
            "-1 staging",
            "レポート",
            "cache");

    private ExampleCloud() {}
}
