package org.caravan.invoice;

import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells what a connector holds: asked after a restore, when the ledger may know less than its ERPs. A Kamelet names its
 * implementation in the annotation {@code caravan/list}: a class with a public constructor without parameters.
 */
public interface IssuedElsewhere {
    /**
     * Names every document that the connector holds of an issuer, in any order, each at least once. One whose issuer can't
     * be told is named, too. To leave one out means that the connector has it not, and lets it be sent again.
     *
     * @param settings the connector's properties as its Kamelet gets them
     * @param issuer whose documents are wanted
     * @param to takes them one by one, so that memory does not grow with their number
     * @throws Exception if it can't be told: then the connector counts as not asked
     */
    void list(Map<String, String> settings, String issuer, Consumer<FoundDocument> to) throws Exception;
}
