package org.caravan.metering;

/** An interned key and how quantities of its records are converted. */
record KeyEntry(UsageKey key, Conversion conversion, boolean needsId) {}
