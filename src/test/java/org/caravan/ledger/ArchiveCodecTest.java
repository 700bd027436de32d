package org.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.caravan.metering.JsonFloat;
import org.caravan.metering.Meter;
import org.caravan.metering.UsageBatch;
import org.caravan.testing.Batches;
import org.junit.jupiter.api.Test;

class ArchiveCodecTest {
    private final Ledger ledger = new Ledger(null, LedgerSettings.defaults(), Clock.systemUTC());

    @Test
    void aBatchComesBackRecordForRecord() {
        // given
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("flavor", "m1.small");
        metadata.put("vcpus", BigInteger.TWO);
        metadata.put("ratio", new JsonFloat("1.50"));
        metadata.put("public", true);
        metadata.put("nothing", null);
        Batches batches = new Batches();
        batches.usage("a", "r1", "instance", "1", "0.048", "2026-10-01T00:00:00Z", 1)
                .id("id-1");
        batches.usage(
                batches.key("b/é😀", "r2", "instance", metadata, Meter.Identity.EVENT),
                "0.1234567890123456789012345",
                "3",
                "2026-10-31T23:00:00Z",
                2);
        batches.usage("a", "r1", "volume", "12.500", "0.00000001", "1970-01-01T00:00:00Z", 24)
                .id("ü");
        batches.usage("a", "r3", "volume", "0", "1E+3", "2026-10-01T00:00:00.000001Z", 1);
        UsageBatch batch = batches.build();
        batch.setGivenPrice(2, new BigDecimal("-7.25"));
        batch.price(3, batch.price(3), new BigDecimal("12345678901234567890.5"));
        // when
        UsageBatch back = ArchiveCodec.decode(
                ArchiveCodec.encode(batch, BatchKeys.of(ledger, batch)), new ArchiveKeys(ledger, 1 << 20), true);
        // then
        assertThat(back.size()).isEqualTo(batch.size());
        for (int row = 0; row < batch.size(); row++) {
            assertThat(back.record(row)).isEqualTo(batch.record(row));
            assertThat(back.price(row)).isEqualTo(batch.price(row));
            assertThat(back.amountValue(row)).isEqualByComparingTo(batch.amountValue(row));
            assertThat(back.position(row)).isEqualTo(batch.position(row));
            assertThat(back.key(row).product()).isEqualTo(batch.key(row).product());
            assertThat(Overlaps.sameContent(back, row, batch, row)).isTrue();
        }
    }

    @Test
    void aDamagedArchiveIsRefused() {
        // given
        UsageBatch batch = new Batches()
                .usage("a", "r", "m", "1", "1", "2026-10-01T00:00:00Z", 1)
                .build();
        byte[] archive = ArchiveCodec.encode(batch, BatchKeys.of(ledger, batch));
        archive[archive.length / 2] ^= 0x55;
        archive[5] ^= 0x55;
        // when, then
        assertThatThrownBy(() -> ArchiveCodec.decode(archive, new ArchiveKeys(ledger, 1 << 20), true))
                .isInstanceOf(RuntimeException.class);
    }
}
