package org.caravan.rating.hashmap;

import java.util.Objects;

/** The tariff in use. It may be exchanged at any time; a batch is rated by the one that was here when its rating began. */
public final class TariffHolder implements TariffSource {
    private volatile Tariff tariff;

    public TariffHolder(Tariff tariff) {
        set(tariff);
    }

    @Override
    public Tariff get() {
        return tariff;
    }

    public void set(Tariff next) {
        tariff = Objects.requireNonNull(next, "tariff");
    }
}
