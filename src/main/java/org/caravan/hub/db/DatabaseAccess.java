package org.caravan.hub.db;

/**
 * How a database is reached.
 *
 * @param url JDBC URL
 * @param user never null
 * @param password never null, may be empty; masked in {@link #toString}
 */
public record DatabaseAccess(String url, String user, String password) {
    @Override
    public String toString() {
        return "DatabaseAccess[" + url + ", user=" + user + ", password=***]";
    }
}
