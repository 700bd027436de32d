package org.caravan.hub.kafka;

import java.nio.ByteBuffer;

/**
 * What is kept of a message that is too long to be usage.
 *
 * @param length bytes that it had
 */
record CutValue(ByteBuffer beginning, int length) {}
