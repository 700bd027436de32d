package org.caravan.hub;

/** The command line's entry point. */
public final class Caravan {
    private Caravan() {}

    public static void main(String[] args) {
        System.exit(0);
    }
}
