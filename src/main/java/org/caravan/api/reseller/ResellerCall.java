package org.caravan.api.reseller;

/**
 * The contract's paths, all of them and only here. The page that the contract was taken from had lost its paths; where one
 * proves to be another, this table and {@code config/openapi/reseller.yaml} are what changes.
 */
public enum ResellerCall {
    CURRENCIES("GET", Base.BILLING + "/currencies", Known.REAL),
    CREATE_CURRENCY("POST", Base.BILLING + "/currencies", Known.REAL),
    CHANGE_RATE("PUT", Base.BILLING + "/currencies/{currency_id}", Known.PROPOSED),
    PRODUCTS("GET", Base.BILLING + "/products", Known.REAL),
    PRODUCT_METADATA("PUT", Base.BILLING + "/products/{product_id}/metadata", Known.PROPOSED),
    RESOURCE_METADATA("PUT", Base.BILLING + "/resources/{resource_id}/metadata", Known.PROPOSED),
    REPORT("POST", Base.BILLING + "/report", Known.PROPOSED),
    REPORT_BY_QUERY("GET", Base.BILLING + "/report", Known.PROPOSED),
    CLIENT_USAGE("GET", Base.CLIENT + "/usage", Known.INFERRED),
    PROVIDER_USAGE("GET", Base.CLIENT + "/providers/{provider_id}/usage", Known.INFERRED),
    PROJECT_USAGE("GET", Base.CLIENT + "/projects/{project_id}/usage", Known.INFERRED),
    INVOICES("GET", Base.CLIENT + "/invoices", Known.INFERRED),
    LAST_INVOICE("GET", Base.CLIENT + "/invoices/last", Known.INFERRED),
    INVOICE("GET", Base.CLIENT + "/invoices/{invoice_id}", Known.INFERRED),

    CREATE_KEY("POST", Base.ADMIN + "/api_key", Known.REAL),
    REPLACE_KEY("PUT", Base.ADMIN + "/api_key", Known.REAL),
    PROVIDERS("GET", Base.ADMIN + "/providers", Known.REAL),
    PROVIDER("GET", Base.ADMIN + "/providers/{provider_id}", Known.REAL),
    CLIENTS("GET", Base.ACCOUNT + "/clients", Known.REAL),
    PROVIDER_RESOURCES("GET", Base.ACCOUNT + "/clients/{client_id}/providers/{provider_id}/resources", Known.REAL),
    PROJECT_RESOURCES("GET", Base.ACCOUNT + "/clients/{client_id}/projects/{project_id}/resources", Known.REAL);

    private final String method;
    private final String path;
    private final Known known;

    /** How sure a path is. */
    enum Known {
        /** Found in a copy of the page. */
        REAL,
        /** Concluded from the order of the page's calls and from those of its sister. */
        INFERRED,
        /** Nothing could be found. */
        PROPOSED
    }

    private static final class Base {
        static final String BILLING = "/reseller/billing/v1";
        static final String CLIENT = BILLING + "/clients/{client_id}";
        static final String ACCOUNT = "/reseller/account/v1";
        static final String ADMIN = "/reseller/admin/v1";
    }

    ResellerCall(String method, String path, Known known) {
        this.method = method;
        this.path = path;
        this.known = known;
    }

    String method() {
        return method;
    }

    /** Without the slash at the end, which may always be sent. */
    String path() {
        return path;
    }

    Known known() {
        return known;
    }
}
