package org.caravan.ledger;

import java.math.BigDecimal;

/** What re-rating comes to for one tenant. Amounts are exact; {@link #after} is {@link #before} plus the difference. */
public final class RerateSums {
    private long records;
    private long changed;
    private long unratable;
    private long credited;
    private long issued;
    private BigDecimal before = BigDecimal.ZERO;
    private BigDecimal difference = BigDecimal.ZERO;

    void look(BigDecimal billed) {
        records++;
        before = before.add(billed);
    }

    void change(BigDecimal by) {
        changed++;
        difference = difference.add(by);
    }

    void leaveUnratable() {
        unratable++;
    }

    void leaveCredited() {
        credited++;
    }

    void leaveIssued() {
        issued++;
    }

    /** Adds those of other records. */
    public RerateSums plus(RerateSums other) {
        RerateSums sum = new RerateSums();
        sum.records = records + other.records;
        sum.changed = changed + other.changed;
        sum.unratable = unratable + other.unratable;
        sum.credited = credited + other.credited;
        sum.issued = issued + other.issued;
        sum.before = before.add(other.before);
        sum.difference = difference.add(other.difference);
        return sum;
    }

    /** Billed records that were looked at. */
    public long records() {
        return records;
    }

    /** Those of them that cost something else, or are billed at another unit price. */
    public long changed() {
        return changed;
    }

    /** Those left as they are because today's rules can't rate them. */
    public long unratable() {
        return unratable;
    }

    /** Those left as they are because their line was credited. */
    public long credited() {
        return credited;
    }

    /** Those left as they are because their month is issued and only open ones are re-rated, or the other way. */
    public long issued() {
        return issued;
    }

    /** What the records were billed with. */
    public BigDecimal before() {
        return before;
    }

    /** What is billed more, or less. */
    public BigDecimal difference() {
        return difference;
    }

    /** What the records are billed with then. */
    public BigDecimal after() {
        return before.add(difference);
    }
}
