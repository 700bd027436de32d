package org.caravan.hub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.caravan.ledger.SampleStatus;

/** What {@code caravan sources} says of samples. */
final class SampleLines {
    private SampleLines() {}

    /** Nothing where no samples ever came. */
    static List<String> lines(SampleStatus status) {
        List<String> lines = new ArrayList<>();
        if (status.counts().isEmpty()) {
            return lines;
        }
        lines.add("samples: " + status.held() + " kept, of " + status.tenants() + " tenants");
        for (SampleStatus.Count count : status.counts()) {
            lines.add("  " + Errors.oneLine(count.source()) + ": " + count.stored() + " stored, " + count.late()
                    + " of them late, " + count.duplicate() + " duplicate, " + count.untrusted() + " not trusted"
                    + (count.untrustedName() == null ? "" : " (such as " + Errors.oneLine(count.untrustedName()) + ")")
                    + ", " + count.ignored() + " of tenants not chosen, " + count.unmapped()
                    + " of meters without transformer, " + count.quarantined() + " quarantined");
        }
        if (status.lateOpen() > 0) {
            lines.add("  " + status.lateOpen() + " late samples have no part in what is billed:");
            for (SampleStatus.LateHour hour : status.lateHours()) {
                lines.add("    " + hour.samples() + " -> caravan sources recollect " + Errors.oneLine(hour.tenant())
                        + " " + hour.begin());
            }
        }
        return lines;
    }

    static void json(SampleStatus status, ObjectNode node) {
        if (status.counts().isEmpty()) {
            return;
        }
        ObjectNode samples = node.putObject("samples")
                .put("held", status.held())
                .put("tenants", status.tenants())
                .put("lateOpen", status.lateOpen());
        ArrayNode hours = samples.putArray("lateHours");
        status.lateHours().forEach(hour -> hours.addObject()
                .put("tenant", hour.tenant())
                .put("hour", hour.begin().toString())
                .put("samples", hour.samples()));
        ArrayNode counts = samples.putArray("sources");
        status.counts().forEach(count -> counts.addObject()
                .put("source", count.source())
                .put("stored", count.stored())
                .put("late", count.late())
                .put("duplicate", count.duplicate())
                .put("untrusted", count.untrusted())
                .put("ignored", count.ignored())
                .put("unmapped", count.unmapped())
                .put("quarantined", count.quarantined()));
    }
}
