package org.caravan.api.rating;

/**
 * Settings of CloudKitty's contract.
 *
 * @param putStatus what a successful PUT of v1 answers: 302, as the original, or 204
 * @param maxList most objects that a list without pages answers
 */
public record RatingSettings(int putStatus, int maxList) {
    /** What holds where nothing else is said. */
    public static RatingSettings defaults() {
        return new RatingSettings(302, 100_000);
    }
}
