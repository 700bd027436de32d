package org.caravan.subscription;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import javax.sql.DataSource;

/** The currencies and languages that merchants and customers may have, known by their ISO codes in lower case. */
public final class Words extends EntityStore {
    private static final int LONGEST_NAME = 10;
    private static final int LONGEST_TITLE = 100;

    private final Titles titles;

    /** The title of a code; null if there is no such code. */
    private interface Titles {
        String of(String name);
    }

    private Words(String word, String table, Titles titles, DataSource dataSource, Clock clock) {
        super(
                Entity.keyed(
                        word,
                        table,
                        "",
                        "name",
                        List.of(Field.text("name", LONGEST_NAME).must().once(), Field.text("title", LONGEST_TITLE))),
                dataSource,
                clock);
        this.titles = titles;
    }

    /** Currencies of ISO 4217. */
    public static Words currencies(DataSource dataSource, Clock clock) {
        return new Words("Currency", "currency", Words::currency, dataSource, clock);
    }

    /** Languages of ISO 639, by two or three letters. */
    public static Words languages(DataSource dataSource, Clock clock) {
        return new Words("Language", "language", Words::language, dataSource, clock);
    }

    private static String currency(String name) {
        return Currency.getAvailableCurrencies().stream()
                .filter(currency -> currency.getCurrencyCode().equalsIgnoreCase(name))
                .map(currency -> currency.getDisplayName(Locale.ENGLISH))
                .findFirst()
                .orElse(null);
    }

    private static String language(String name) {
        return Arrays.stream(Locale.getISOLanguages())
                .filter(code -> code.equals(name) || name.equals(threeLetters(code)))
                .map(code -> new Locale(code).getDisplayLanguage(Locale.ENGLISH))
                .findFirst()
                .orElse(null);
    }

    private static String threeLetters(String code) {
        try {
            return new Locale(code).getISO3Language();
        } catch (MissingResourceException e) {
            return "";
        }
    }

    private static String lower(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    protected Condition within(Scope scope) {
        return Condition.of("true");
    }

    @Override
    protected void fill(Connection connection, Scope scope, Entry given) {
        String name = lower(given.text("name"));
        String title = titles.of(name);
        if (title == null) {
            throw Refusal.invalid(
                    "name", "is no ISO code of a " + entity().word().toLowerCase(Locale.ROOT));
        }
        given.put("name", name).otherwise("title", title);
    }

    @Override
    protected void change(Connection connection, Scope scope, Entry now, Entry changes) {
        if (changes.has("title") && changes.get("title") == null) {
            changes.put("title", titles.of(now.text("name")));
        }
    }

    @Override
    public Entry one(Scope scope, String key) throws SQLException {
        return super.one(scope, lower(key));
    }

    @Override
    public Entry update(Scope scope, String key, Entry changes) throws SQLException {
        if (changes.text("name") != null) {
            changes.put("name", lower(changes.text("name")));
        }
        return super.update(scope, lower(key), changes);
    }

    @Override
    public void delete(Scope scope, String key) throws SQLException {
        super.delete(scope, lower(key));
    }

    @Override
    protected void remove(Connection connection, Scope scope, Entry now) throws SQLException {
        String column = entity().table();
        String name = now.text("name");
        if (EntityRows.isThere(connection, "select from merchant where " + column + " = ?", name)
                || EntityRows.isThere(connection, "select from customer where " + column + " = ?", name)) {
            throw Refusal.inUse(entity().word() + " is that of merchants or customers.");
        }
        EntityRows.run(connection, "delete from " + entity().table() + " where name = ?", name);
    }
}
