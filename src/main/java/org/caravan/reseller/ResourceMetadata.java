package org.caravan.reseller;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.caravan.invoice.SqlTime;
import org.caravan.invoice.Transactions;
import org.caravan.subscription.Refusal;

/** Writes beside resources. */
public final class ResourceMetadata {
    /** A resource that nothing was ever told of is looked for in the usage of so many months, the open one among them. */
    private static final int MONTHS = 2;

    /** Tenants of a reseller with a resource of this id that something was told of, such as its name. */
    private static final String TOLD =
            """
            select distinct t.realm, t.name from resource r
              join tenant t on t.id = r.tenant
              join reseller_tenant o on o.realm = t.realm and o.name = t.name
             where r.resource = (select id from term where value = ?) and o.merchant_id = ?
            """;

    private static final String ANYBODYS =
            "select from resource where resource = (select id from term where value = ?) limit 1";

    private static final String USED =
            """
            select distinct t.realm, t.name from reseller_tenant o
              join tenant t on t.realm = o.realm and t.name = o.name
             where o.merchant_id = ?
               and (exists (select from rollup u where u.tenant = t.id and u.billing_month >= ?
                               and u.resource = (select id from term where value = ?))
                    or exists (select from entry e where e.tenant = t.id and e.billing_month >= ?
                               and e.resource = (select id from term where value = ?)
                               and e.batch in (select id from batch where rolled_at is null)))
            """;

    private final DataSource dataSource;
    private final Clock clock;

    /** Where a resource is. */
    private record Place(String realm, String tenant) {}

    public ResourceMetadata(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * Replaces what is written beside a resource, in each project that has one of this id.
     *
     * @param note null takes it away
     * @throws Refusal if it is no resource of a client of the reseller's
     */
    public void write(Reseller reseller, String resource, ResourceNote note) throws SQLException {
        if (resource.equals(Billables.OBJECT_STORAGE)) {
            throw Refusal.invalid("resource", "object_storage is no resource that metadata could be written beside");
        }
        Transactions.call(dataSource, connection -> {
            List<Place> places = find(connection, reseller, resource);
            if (places.isEmpty()) {
                throw Refusal.notFound("Resource");
            }
            for (Place place : places) {
                write(connection, reseller, resource, place, note);
            }
            return null;
        });
    }

    private List<Place> find(Connection connection, Reseller reseller, String resource) throws SQLException {
        // most ids that are wrong are nobody's
        if (resource.isEmpty() || !isThere(connection, "select from term where value = ?", resource)) {
            return List.of();
        }
        List<Place> told = places(connection, TOLD, resource, reseller.id());
        // of what somebody else's source told of, this one's would have told, too: usage need not be searched
        if (!told.isEmpty() || isThere(connection, ANYBODYS, resource)) {
            return told;
        }
        LocalDate from = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC))
                .minusMonths(MONTHS - 1)
                .atDay(1);
        return places(connection, USED, reseller.id(), from, resource, from, resource);
    }

    private static boolean isThere(Connection connection, String sql, String resource) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, resource);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static List<Place> places(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                select.setObject(i + 1, values[i]);
            }
            List<Place> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Place(row.getString(1), row.getString(2)));
                }
            }
            return found;
        }
    }

    private void write(Connection connection, Reseller reseller, String resource, Place place, ResourceNote note)
            throws SQLException {
        String sql = note == null
                ? "delete from resource_metadata where merchant_id = ? and realm = ? and tenant = ? and resource = ?"
                : """
                  insert into resource_metadata (merchant_id, realm, tenant, resource, metadata, updated_at)
                  values (?, ?, ?, ?, ?::jsonb, ?)
                      on conflict (merchant_id, resource, realm, tenant)
                      do update set metadata = excluded.metadata, updated_at = excluded.updated_at
                  """;
        try (PreparedStatement change = connection.prepareStatement(sql)) {
            change.setString(1, reseller.id());
            change.setString(2, place.realm());
            change.setString(3, place.tenant());
            change.setString(4, resource);
            if (note != null) {
                change.setString(5, note.text());
                change.setObject(6, SqlTime.at(clock.instant()));
            }
            change.executeUpdate();
        }
    }
}
