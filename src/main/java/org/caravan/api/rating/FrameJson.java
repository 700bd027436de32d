package org.caravan.api.rating;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.math.BigInteger;
import org.caravan.metering.JsonFloat;
import org.caravan.metering.UsageRecord;

/** The attributes of a record as data frames have them. What is written here is read the same by {@link FrameReader}. */
final class FrameJson {
    static final String PROJECT = "project_id";
    static final String ID = "id";
    static final String DATACENTER = "datacenter";

    private FrameJson() {}

    /** What tells records of one meter apart. */
    static void groupby(ObjectNode into, UsageRecord record) {
        into.put(PROJECT, record.tenant());
        if (!record.resource().isEmpty()) {
            into.put(ID, record.resource());
        }
        if (!record.datacenter().isEmpty()) {
            into.put(DATACENTER, record.datacenter());
        }
    }

    /** Everything else that was told, with its types. */
    static void metadata(ObjectNode into, UsageRecord record) {
        record.metadata().forEach((name, value) -> {
            if (value == null) {
                into.putNull(name);
            } else if (value instanceof Boolean flag) {
                into.put(name, flag);
            } else if (value instanceof BigInteger integer) {
                into.put(name, integer);
            } else if (value instanceof JsonFloat number) {
                into.putRawValue(name, new RawValue(number.literal()));
            } else {
                into.put(name, value.toString());
            }
        });
    }
}
