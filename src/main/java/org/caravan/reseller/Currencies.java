package org.caravan.reseller;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.caravan.invoice.SqlTime;
import org.caravan.invoice.Transactions;
import org.caravan.subscription.Refusal;

/**
 * Currencies of resellers. The main one is the ledger's and is made by itself. Customers that pay in another one are billed by
 * its rate, as it stands when their document is made.
 */
public final class Currencies {
    /** Decimals of a rate. */
    public static final int DECIMALS = 8;

    /** Most currencies of a reseller: there are no more in ISO 4217. */
    private static final int MAX = 300;

    private static final int MAX_RATE_DIGITS = 20;
    private static final String TAKEN = "23505";
    private static final String COLUMNS =
            "select id, merchant_id, iso_code, label, plural_label, symbol, exchange_rate, main from reseller_currency";

    private final DataSource dataSource;
    private final String main;
    private final Clock clock;

    /** @param main the ledger's currency (ISO 4217) */
    public Currencies(DataSource dataSource, String main, Clock clock) {
        this.dataSource = dataSource;
        this.main = main;
        this.clock = clock;
    }

    /** The main one first, then by code. */
    public List<ResellerCurrency> of(Reseller reseller) throws SQLException {
        List<ResellerCurrency> found = list(reseller);
        if (found.stream().anyMatch(ResellerCurrency::main)) {
            return found;
        }
        makeMain(reseller);
        return list(reseller);
    }

    private List<ResellerCurrency> list(Reseller reseller) throws SQLException {
        return Transactions.single(
                dataSource,
                connection -> read(
                        connection, " where merchant_id = ? order by main desc, iso_code limit " + MAX, reseller.id()));
    }

    /** @return empty if the reseller has none of this code */
    public Optional<ResellerCurrency> find(Reseller reseller, String isoCode) throws SQLException {
        return of(reseller).stream()
                .filter(currency -> currency.isoCode().equals(isoCode))
                .findFirst();
    }

    /** Also where another call has just made it. */
    private void makeMain(Reseller reseller) throws SQLException {
        Currency known = Currency.getInstance(main);
        insert(
                new ResellerCurrency(
                        UUID.randomUUID().toString(),
                        reseller.id(),
                        main,
                        known.getDisplayName(Locale.ENGLISH),
                        known.getDisplayName(Locale.ENGLISH),
                        known.getSymbol(Locale.ROOT),
                        BigDecimal.ONE,
                        true),
                " on conflict do nothing");
    }

    /**
     * Makes a currency.
     *
     * @param wanted its id and owner are not looked at
     * @throws Refusal if it is none, its rate is none, or there is one of this code
     */
    public ResellerCurrency create(Reseller reseller, ResellerCurrency wanted) throws SQLException {
        String code = code(wanted.isoCode());
        if (wanted.main() && !code.equals(main)) {
            throw Refusal.invalid("main", "can't be said: the main currency is the ledger's, " + main);
        }
        BigDecimal rate = rate(wanted.rate());
        of(reseller);
        ResellerCurrency made = new ResellerCurrency(
                UUID.randomUUID().toString(),
                reseller.id(),
                code,
                wanted.label(),
                wanted.pluralLabel(),
                wanted.symbol(),
                rate,
                false);
        try {
            insert(made, "");
        } catch (SQLException e) {
            if (TAKEN.equals(e.getSQLState())) {
                throw Refusal.of(Refusal.Kind.DUPLICATE, "There is a currency of this iso_code already.");
            }
            throw e;
        }
        return made;
    }

    /**
     * Changes a rate. Documents that were issued keep theirs.
     *
     * @throws Refusal if the reseller has no such currency, it is the main one, or the rate is none
     */
    public ResellerCurrency change(Reseller reseller, String id, BigDecimal rate) throws SQLException {
        return Transactions.call(dataSource, connection -> {
            List<ResellerCurrency> found =
                    read(connection, " where merchant_id = ? and id = ? for update", reseller.id(), id);
            if (found.isEmpty()) {
                throw Refusal.notFound("Currency");
            }
            BigDecimal exact = rate(rate);
            if (found.get(0).main()) {
                throw Refusal.invalid("exchange_rate", "of the main currency is 1 and stays so");
            }
            try (PreparedStatement update = connection.prepareStatement(
                    "update reseller_currency set exchange_rate = ?, updated_at = ? where id = ?")) {
                update.setBigDecimal(1, exact);
                update.setObject(2, SqlTime.at(clock.instant()));
                update.setString(3, id);
                update.executeUpdate();
            }
            return read(connection, " where merchant_id = ? and id = ?", reseller.id(), id)
                    .get(0);
        });
    }

    private static String code(String text) {
        String code = text.strip().toUpperCase(Locale.ROOT);
        try {
            if (Currency.getInstance(code).getDefaultFractionDigits() >= 0) {
                return code;
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw Refusal.invalid("iso_code", "must be a currency of ISO 4217, such as CAD");
    }

    private static BigDecimal rate(BigDecimal rate) {
        BigDecimal exact = rate.stripTrailingZeros();
        if (exact.signum() <= 0) {
            throw Refusal.invalid("exchange_rate", "must be above 0");
        }
        if (exact.scale() > DECIMALS || exact.precision() - exact.scale() > MAX_RATE_DIGITS) {
            throw Refusal.invalid(
                    "exchange_rate",
                    "must have at most " + DECIMALS + " decimals and " + MAX_RATE_DIGITS + " digits before them");
        }
        return exact.setScale(DECIMALS);
    }

    private void insert(ResellerCurrency currency, String otherwise) throws SQLException {
        Transactions.single(dataSource, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    """
                    insert into reseller_currency
                           (id, merchant_id, iso_code, label, plural_label, symbol, exchange_rate, main, created_at, updated_at)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
                            + otherwise)) {
                insert.setString(1, currency.id());
                insert.setString(2, currency.reseller());
                insert.setString(3, currency.isoCode());
                insert.setString(4, currency.label());
                insert.setString(5, currency.pluralLabel());
                insert.setString(6, currency.symbol());
                insert.setBigDecimal(7, currency.rate());
                insert.setBoolean(8, currency.main());
                insert.setObject(9, SqlTime.at(clock.instant()));
                insert.setObject(10, SqlTime.at(clock.instant()));
                return insert.executeUpdate();
            }
        });
    }

    private static List<ResellerCurrency> read(Connection connection, String where, String... values)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + where)) {
            for (int i = 0; i < values.length; i++) {
                select.setString(i + 1, values[i]);
            }
            List<ResellerCurrency> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new ResellerCurrency(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getBigDecimal(7),
                            row.getBoolean(8)));
                }
            }
            return found;
        }
    }
}
