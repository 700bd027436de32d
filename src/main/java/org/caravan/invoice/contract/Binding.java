package org.caravan.invoice.contract;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.caravan.invoice.IssuedDocument;

/** What a contract writes in the transaction that issues a document. Run again from its beginning where that is. */
public interface Binding {
    /**
     * Where it stands among those of other documents: all are bound in this order, so that two issues wait for each other
     * and never lock each other out.
     */
    String order();

    /**
     * Binds what the document bears, before its number is taken.
     *
     * @return why the document must not be issued, as it was bound otherwise meanwhile; null if it may
     */
    String freeze(Connection connection, Instant now) throws SQLException;

    /** Called once the document's row is written. */
    void issued(Connection connection, IssuedDocument document, Instant now) throws SQLException;

    /** Nothing to be written. */
    static Binding none() {
        return None.INSTANCE;
    }

    /** Of a document without contract. */
    final class None implements Binding {
        private static final None INSTANCE = new None();

        private None() {}

        @Override
        public String order() {
            return "";
        }

        @Override
        public String freeze(Connection connection, Instant now) {
            return null;
        }

        @Override
        public void issued(Connection connection, IssuedDocument document, Instant now) {}
    }
}
