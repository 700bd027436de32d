package org.caravan.hub.samples;

import java.util.List;
import java.util.function.Supplier;
import org.caravan.hub.source.SourceCheck;
import org.caravan.hub.source.SourceFinding;

/** What {@link CeilometerCheck} finds, as one of the sources that {@code caravan sources check} tries. */
public final class SampleCheck implements SourceCheck {
    private final String name;
    private final Supplier<List<CeilometerCheck.Found>> tried;

    /** @param tried at least one finding */
    public SampleCheck(String name, Supplier<List<CeilometerCheck.Found>> tried) {
        this.name = name;
        this.tried = tried;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return SampleSource.KIND;
    }

    @Override
    public List<SourceFinding> check() {
        return tried.get().stream()
                .map(found -> found.good()
                        ? SourceFinding.good("samples", found.text())
                        : SourceFinding.bad("samples", found.text(), "see docs/ceilometer.md"))
                .toList();
    }
}
