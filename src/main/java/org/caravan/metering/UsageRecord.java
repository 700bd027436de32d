package org.caravan.metering;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * One usage record as a person or a test sees it; the batch path works on {@link UsageBatch} columns instead.
 *
 * @param id the source's own id, or null
 * @param realm the cloud or reseller, {@code default} unless said
 * @param tenant never empty in billing; null only where a tariff is tried without a tenant
 * @param datacenter the region, {@code ""} if the source names none
 * @param resource the thing that used, {@code ""} for meters without resource
 * @param meter what was measured
 * @param quantity what was consumed in [begin, end), in {@code unit}: GB-hours, not GB
 * @param unit the unit of the quantity, after the meter's conversion
 * @param begin inclusive, UTC
 * @param end exclusive, UTC
 * @param metadata kept metadata: String, BigInteger, Boolean, {@link JsonFloat} or null values
 * @param price the price the record came with, or null; the start of the rating chain
 */
public record UsageRecord(
        String id,
        String realm,
        String tenant,
        String datacenter,
        String resource,
        String meter,
        BigDecimal quantity,
        String unit,
        Instant begin,
        Instant end,
        Map<String, Object> metadata,
        BigDecimal price) {}
