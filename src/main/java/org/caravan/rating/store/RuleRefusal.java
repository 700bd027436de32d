package org.caravan.rating.store;

/** A change of rules that may not be made; nothing was changed. The message is one sentence for whoever asked. */
public final class RuleRefusal extends RuntimeException {
    private final Kind kind;

    /** Why it may not. */
    public enum Kind {
        /** What was to be read or changed is not there. */
        UNKNOWN,
        /** Something of that name, or for that time, is there already. */
        TAKEN,
        /** It is not said as it must be. */
        WRONG
    }

    private RuleRefusal(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    static RuleRefusal unknown(String message) {
        return new RuleRefusal(Kind.UNKNOWN, message);
    }

    static RuleRefusal taken(String message) {
        return new RuleRefusal(Kind.TAKEN, message);
    }

    static RuleRefusal wrong(String message) {
        return new RuleRefusal(Kind.WRONG, message);
    }

    /** The same refusal where what is not there was named by what is to be made: then that is said wrongly. */
    RuleRefusal ofReference() {
        return kind == Kind.UNKNOWN ? wrong(getMessage()) : this;
    }

    public Kind kind() {
        return kind;
    }
}
