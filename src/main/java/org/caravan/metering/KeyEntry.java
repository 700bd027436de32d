package org.caravan.metering;

import java.util.List;

/**
 * An interned key and how quantities of its records are converted.
 *
 * @param banded the key of each of the meter's bands, in their order; null where it has none
 */
record KeyEntry(UsageKey key, Conversion conversion, boolean needsId, List<UsageKey> banded) {}
