package org.caravan.subscription;

/**
 * Within what a thing is looked up.
 *
 * @param merchant whose it is; null for what is every merchant's
 * @param customer the only customer whose things are seen; null for all
 * @param parent id of the thing that it is a part of, such as a plan; null for none
 */
public record Scope(String merchant, String customer, String parent) {
    /** What is every merchant's. */
    public static final Scope ALL = new Scope(null, null, null);

    public static Scope of(String merchant) {
        return new Scope(merchant, null, null);
    }
}
