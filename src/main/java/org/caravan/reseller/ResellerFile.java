package org.caravan.reseller;

import java.nio.file.Path;
import org.caravan.common.ConfigNode;

/**
 * {@code config/reseller.yaml}.
 *
 * @param providers which datacenters make up which cloud
 * @param kinds which kind of resource a meter measures
 */
public record ResellerFile(Providers providers, Kinds kinds) {
    private static final String WHAT = "reseller file";

    /** What holds without a file. */
    public static ResellerFile none() {
        return new ResellerFile(Providers.none(), Kinds.shipped());
    }

    /** @throws org.caravan.common.UserError naming file, line and key */
    public static ResellerFile read(Path file) {
        return of(ConfigNode.read(file, WHAT));
    }

    /** As {@link #read}, from a text; {@code file} is the name used in messages. */
    public static ResellerFile parse(String text, String file) {
        return of(ConfigNode.parse(text, file, WHAT));
    }

    private static ResellerFile of(ConfigNode top) {
        ResellerFile read = new ResellerFile(Providers.read(top.get("providers")), Kinds.read(top.get("kinds")));
        top.noOtherKeys();
        return read;
    }
}
