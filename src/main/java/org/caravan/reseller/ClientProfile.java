package org.caravan.reseller;

import java.util.List;

/**
 * A client with what its reseller's portal shows of it.
 *
 * @param isActive true if it has a subscription that has not ended
 * @param isValidated true if it has a payment method that was verified
 * @param isOverdue true if an invoice of it is due and not paid
 * @param projects in order of their ids
 * @param contact null where nothing is known
 */
public record ClientProfile(
        Client client,
        boolean isActive,
        boolean isValidated,
        boolean isOverdue,
        List<Project> projects,
        Contact contact) {
    public ClientProfile {
        projects = List.copyOf(projects);
    }

    /** Where it is; each may be null. */
    public record Contact(
            String firstName,
            String lastName,
            String company,
            String address1,
            String address2,
            String address3,
            String city,
            String state,
            String country,
            String postalCode,
            String phone,
            String website) {}
}
