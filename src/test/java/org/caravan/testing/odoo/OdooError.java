package org.caravan.testing.odoo;

/** An error as the server raises it: the exception's class there and what it says. */
final class OdooError extends RuntimeException {
    final String name;

    OdooError(String name, String message) {
        super(message);
        this.name = name;
    }

    static OdooError user(String message) {
        return new OdooError("odoo.exceptions.UserError", message);
    }

    static OdooError missing(String model, long id) {
        return new OdooError(
                "odoo.exceptions.MissingError",
                "Record does not exist or has been deleted.\n(Record: " + model + "(" + id + ",), User: 2)");
    }

    /** What is left after the server has tried a call five times. */
    static OdooError serialization() {
        return new OdooError(
                "psycopg2.errors.SerializationFailure", "could not serialize access due to concurrent update\n");
    }
}
