package org.caravan.metering;

import java.util.Set;
import org.apache.camel.CamelContext;
import org.caravan.common.UserError;

/** Beans that a data format finds in Camel's registry by their type. */
public final class Registered {
    private Registered() {}

    /**
     * The one bean of a type.
     *
     * @param context null where there is none
     * @param otherwise what holds where none is bound
     * @param who asks, for the message
     * @throws UserError if there are several: silently taking none of them would bill every meter as unlisted
     */
    public static <T> T bean(CamelContext context, Class<T> type, T otherwise, String who) {
        Set<T> found = context == null ? Set.of() : context.getRegistry().findByType(type);
        if (found.size() > 1) {
            throw new UserError(
                    who + ": the registry holds " + found.size() + " beans of type " + type.getName() + "; bind one");
        }
        return found.isEmpty() ? otherwise : found.iterator().next();
    }
}
