package org.caravan.api.reseller;

import java.time.Clock;
import javax.sql.DataSource;
import org.caravan.api.auth.ApiKeys;
import org.caravan.api.auth.FailedKeys;
import org.caravan.api.auth.ResellerLogins;
import org.caravan.reseller.OpenBill;
import org.caravan.reseller.ResellerFile;

/**
 * What the routes work on.
 *
 * @param ledger the ledger's database, with merchants and all that is theirs
 * @param currency the ledger's (ISO 4217), which is every reseller's main one
 * @param file what the operator says of clouds
 * @param keys the keys that callers show
 * @param logins who may make them
 * @param bill what clients would be billed now
 * @param maxList most things that a list answers at once
 */
public record ResellerBackend(
        DataSource ledger,
        String currency,
        ResellerFile file,
        ApiKeys keys,
        ResellerLogins logins,
        OpenBill bill,
        int maxList,
        Clock clock) {
    /** The same, whose wrong passwords are counted with the wrong keys of other contracts. */
    public ResellerBackend counting(FailedKeys failed) {
        return new ResellerBackend(ledger, currency, file, keys, logins.counting(failed), bill, maxList, clock);
    }
}
