package org.caravan.invoice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.caravan.ledger.RerateAudit;

/**
 * Proves that a ledger holds together: what was read, what was billed and what was issued are the same money, and nothing
 * was billed or numbered twice. Reads only, from one snapshot, also beside a hub at work.
 */
public final class Audit {
    /** Findings kept per check: more of the same say nothing more. */
    public static final int MAX_FINDINGS = 100;

    /** By name, the query whose every row is a finding. */
    private static final Map<String, String> CHECKS = checks();

    private static final String RERATINGS_CHANGE_AMOUNTS =
            """
            select format('batch %s, tenant %s: re-rates %s records, %s of quantity and %s seconds more than it takes back',
                          e.batch, t.name, e.records, e.quantity, e.seconds)
              from (select batch, tenant, sum(records) as records, sum(quantity) as quantity, sum(seconds) as seconds
                      from entry where kind >= 4
                     group by batch, tenant, datacenter, meter, resource, identity, product, unit, usage_day, billing_month
                    having sum(records) <> 0 or sum(quantity) <> 0 or sum(seconds) <> 0) e
              join tenant t on t.id = e.tenant
            union all
            select format('batch %s: %s', b.id,
                          case when b.rerating is null then 'has entries of a re-rating and belongs to none'
                               else 'belongs to a re-rating and has other entries' end)
              from batch b join (select distinct batch, kind >= 4 as rerated from entry) e on e.batch = b.id
             where e.rerated <> (b.rerating is not null)
            """;

    private static final String RERATINGS_ARE_KEPT =
            """
            select format('batch %s: re-rates %s records, %s are kept as re-rated by it', b.id, coalesce(e.records, 0),
                          coalesce(r.records, 0))
              from batch b
              left join (select batch, sum(records) as records from entry where kind >= 4 and records > 0 group by batch) e
                on e.batch = b.id
              left join (select by_batch, sum(records) as records from repriced group by by_batch) r on r.by_batch = b.id
             where (b.rerating is not null or r.by_batch is not null)
               and (b.rerating is null or coalesce(e.records, 0) <> coalesce(r.records, 0))
            union all
            select format('batch %s: what batch %s re-rated of it is not what its digest says', batch, by_batch)
              from repriced where sha256(prices) <> digest
            union all
            select format('re-rating %s (%s), tenant %s: says %s, its entries %s', coalesce(r.rerating, e.rerating), o.reason,
                          t.name, coalesce(r.difference, 0), coalesce(e.amount, 0))
              from rerating_tenant r
              full join (select b.rerating, e.tenant, sum(e.amount) as amount from entry e join batch b on b.id = e.batch
                          where b.rerating is not null group by b.rerating, e.tenant) e
                on e.rerating = r.rerating and e.tenant = r.tenant
              join rerating o on o.id = coalesce(r.rerating, e.rerating)
              join tenant t on t.id = coalesce(r.tenant, e.tenant)
             where coalesce(r.difference, 0) <> coalesce(e.amount, 0)
            """;

    /** By line, price and day: what is left there after everything was taken back is never less than nothing. */
    private static final String RERATED_WAS_BILLED =
            """
            select format('tenant %s, %s, resource %s, product %s on %s: %s records left at price %s, which come to %s',
                          t.name, d.value, r.value, p.value, e.usage_day, e.records, e.price_id, e.amount)
              from (select tenant, datacenter, resource, product, usage_day, price_id, sum(records) as records,
                           sum(amount) as amount
                      from entry
                     group by tenant, datacenter, meter, resource, identity, product, unit, usage_day, price_id
                    having bool_or(kind >= 4)
                       and (sum(records) < 0 or sum(records) = 0 and (sum(quantity) <> 0 or sum(amount) <> 0))) e
              join tenant t on t.id = e.tenant join term d on d.id = e.datacenter
              join term r on r.id = e.resource join term p on p.id = e.product
            """;

    private Audit() {}

    /**
     * What one check found.
     *
     * @param name what should hold
     * @param findings one line each, at most {@link #MAX_FINDINGS}; empty if it holds
     */
    public record Check(String name, List<String> findings) {
        public Check {
            findings = List.copyOf(findings);
        }
    }

    /** Runs every check. */
    public static List<Check> run(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                List<Check> done = new ArrayList<>();
                for (Map.Entry<String, String> check : CHECKS.entrySet()) {
                    done.add(new Check(check.getKey(), findings(connection, check.getValue())));
                }
                done.add(new Check(
                        "every re-rating bills what the archives say it does",
                        RerateAudit.findings(connection, MAX_FINDINGS)));
                return done;
            } finally {
                if (!connection.isClosed()) {
                    connection.rollback();
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    connection.setAutoCommit(autoCommit);
                }
            }
        }
    }

    private static List<String> findings(Connection connection, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql + " limit " + MAX_FINDINGS)) {
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
        }
        return found;
    }

    private static Map<String, String> checks() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put(
                "every batch's accepted records are its entries' records",
                """
                select format('batch %s: %s records accepted, %s in its entries', b.id, b.accepted, coalesce(e.records, 0))
                  from batch b
                  left join (select batch, sum(records) as records from entry
                              where kind in (1, 2, 3) and records > 0 group by batch) e
                    on e.batch = b.id
                 where b.accepted <> coalesce(e.records, 0) order by b.id
                """);
        checks.put(
                "every archive is what was committed",
                """
                select format('batch %s: its archive is %s', id,
                              case when archive is null then 'gone'
                                   when sha256(archive) <> archive_digest then 'not what its digest says'
                                   else 'of another number of records' end)
                  from batch
                 where accepted > 0
                   and (archive is null or sha256(archive) <> archive_digest or bit_count(accepted_rows) <> accepted)
                 order by id
                """);
        checks.put(
                "the roll-up is the sum of the rolled entries",
                """
                with rolled as (
                  select tenant, billing_month, usage_day, datacenter, meter, resource, identity, product, unit, price_id,
                         metadata, kind, sum(quantity) as quantity, sum(amount) as amount, sum(records) as records
                    from entry where batch in (select id from batch where rolled_at is not null)
                   group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
                ), kept as (
                  select tenant, billing_month, usage_day, datacenter, meter, resource, identity, product, unit, price_id,
                         metadata, kind, sum(quantity) as quantity, sum(amount) as amount, sum(records) as records
                    from rollup group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
                )
                select format('tenant %s, %s, resource %s, meter %s, %s: entries %s, roll-up %s', t.name,
                              to_char(billing_month, 'YYYY-MM'), r.value, m.value, usage_day,
                              coalesce(rolled.amount, 0), coalesce(kept.amount, 0))
                  from rolled
                  full join kept using (tenant, billing_month, usage_day, datacenter, meter, resource, identity, product,
                                        unit, price_id, metadata, kind)
                  join tenant t on t.id = tenant join term r on r.id = resource join term m on m.id = meter
                 where (rolled.quantity, rolled.amount, rolled.records)
                       is distinct from (kept.quantity, kept.amount, kept.records)
                 order by t.name, billing_month, usage_day
                """);
        checks.put(
                "every reversed record was billed, and is taken back once by a correction",
                """
                select format('batch %s: %s records reversed, %s in its entries', b.id, coalesce(r.records, 0),
                              coalesce(e.records, 0))
                  from batch b
                  left join (select by_batch, count(*) as records from reversal group by by_batch) r on r.by_batch = b.id
                  left join (select batch, -sum(records) as records from entry
                              where kind in (1, 2, 3) and records < 0 group by batch) e on e.batch = b.id
                 where coalesce(r.records, 0) <> coalesce(e.records, 0)
                union all
                select format('batch %s: record %s is reversed by batch %s, but was not billed', r.batch, r.archive_row,
                              r.by_batch)
                  from reversal r left join batch b on b.id = r.batch
                 where b.accepted_rows is null or r.archive_row >= 8 * length(b.accepted_rows)
                    or get_bit(b.accepted_rows, r.archive_row) = 0
                """);
        checks.put(
                "what quarantine says was billed, was billed",
                """
                select format('quarantine %s: %s, but batch %s is not there', q.id, q.state, q.effect)
                  from quarantine q left join batch b on b.id = q.effect and b.source = 'quarantine'
                 where q.effect is not null and b.id is null
                union all
                select format('batch %s: %s records accepted out of quarantine, %s of quarantine name it', b.id, b.accepted,
                              count(q.id))
                  from batch b left join quarantine q on q.effect = b.id
                 where b.source = 'quarantine' group by b.id, b.accepted having b.accepted <> count(q.id)
                """);
        checks.put(
                "no moment of a corrected series is billed twice, or taken back without having been billed",
                """
                select format('tenant %s, %s, resource %s, meter %s: billed %s times from %s on', t.name, d.value, r.value,
                              m.value, o.depth, o.at)
                  from (select tenant, datacenter, meter, resource, at,
                               sum(sum(step)) over (partition by tenant, datacenter, meter, resource, identity
                                                    order by at) as depth
                          from (select tenant, datacenter, meter, resource, identity, b.at, b.step * sign(records) as step
                                  from entry cross join lateral (values (first_begin, 1), (last_end, -1)) as b (at, step)
                                 where timed and kind in (1, 2, 3)
                                   and (tenant, datacenter, meter, resource, identity) in
                                       (select tenant, datacenter, meter, resource, identity from entry
                                         where timed and kind = 2)) as steps
                         group by tenant, datacenter, meter, resource, identity, at) as o
                  join tenant t on t.id = o.tenant join term d on d.id = o.datacenter
                  join term r on r.id = o.resource join term m on m.id = o.meter
                 where o.depth not in (0, 1) order by t.name, o.at
                """);
        checks.put(
                "no moment of a series is billed twice",
                """
                select format('tenant %s, %s, resource %s, meter %s: time before %s is billed twice', t.name, d.value,
                              r.value, m.value, o.before)
                  from (select tenant, datacenter, meter, resource, first_begin,
                               max(last_end) over (partition by tenant, datacenter, meter, resource, identity
                                                   order by first_begin, last_end
                                                   rows between unbounded preceding and 1 preceding) as before
                          from entry
                         where timed and kind in (1, 3)
                           and not exists (select from entry c
                                            where c.kind = 2 and c.timed and c.tenant = entry.tenant
                                              and c.datacenter = entry.datacenter and c.meter = entry.meter
                                              and c.resource = entry.resource and c.identity = entry.identity)) as o
                  join tenant t on t.id = o.tenant join term d on d.id = o.datacenter
                  join term r on r.id = o.resource join term m on m.id = o.meter
                 where o.first_begin < o.before order by t.name, o.before
                """);
        checks.put(
                "every document is the sum of its months' entries",
                """
                select format('document %s: %s, its entries %s, priced at the close %s', d.number, d.exact,
                              coalesce(sum(e.amount), 0), d.at_close)
                  from document d
                  join ledger l on true
                  left join month m on m.document = d.id
                  left join entry e on e.tenant = m.tenant and e.billing_month = m.month
                 where d.kind = 'invoice' and d.currency = l.currency
                 group by d.id, d.number, d.exact, d.at_close
                having d.exact <> coalesce(sum(e.amount), 0) + d.at_close order by d.number
                """);
        checks.put("every document says what was issued, and adds up", AuditedDocuments.SAY_WHAT_WAS_ISSUED);
        checks.put("a re-rating changes amounts and nothing else", RERATINGS_CHANGE_AMOUNTS);
        checks.put("every re-rating is kept record by record, and sums up to what it says", RERATINGS_ARE_KEPT);
        checks.put("what a re-rating took back had been billed so", RERATED_WAS_BILLED);
        checks.put("every credit note is lines of its invoice, each credited once", AuditedDocuments.CREDIT_NOTES);
        checks.put("no invoice is credited beyond what it came to", AuditedDocuments.CREDITED_INVOICES);
        checks.put(
                "no closed month holds money that no document bears",
                """
                select format('tenant %s, %s: closed without a document, its entries come to %s', t.name,
                              to_char(m.month, 'YYYY-MM'), sum(e.amount))
                  from month m
                  join tenant t on t.id = m.tenant
                  join entry e on e.tenant = m.tenant and e.billing_month = m.month
                 where m.state = 'closed' and m.document is null
                 group by t.name, m.month having sum(e.amount) <> 0 order by t.name, m.month
                """);
        checks.put(
                "numbers have no gap",
                """
                with numbered as (
                  select d.issuer, substring(d.number from '-([0-9]{4})-')::int as year, d.number,
                         case when d.proforma then 'proforma ' || d.kind || ' ' || to_char(d.month, 'YYYY-MM')
                              else d.kind end as kind
                    from document d
                   union
                  select l.issuer, substring(r.number from '-([0-9]{4})-')::int, r.number, r.kind
                    from recovered r, ledger l where r.document is null
                ), missing as (%s)
                select format('%%s of %%s: the series stands at %%s, documents: %%s%%s', s.kind, s.year, s.last, count(n.number),
                              (select ', missing: ' || string_agg(number, ', ')
                                 from (select number from missing
                                        where number like case s.kind when 'invoice' then 'INV-' when 'credit-note' then 'CN-'
                                                          end || s.year || '-%%' limit 10) as first))
                  from number_series s
                  left join numbered n on n.issuer = s.issuer and n.year = s.year and n.kind = s.kind
                 group by s.issuer, s.kind, s.year, s.last
                having count(n.number) <> s.last order by s.kind, s.year
                """
                        .formatted(RecoveryEnd.MISSING));
        checks.put(
                "every document that was issued before a restore is in the ledger",
                """
                select format('%s (%s, %s): %s holds it as %s; its account''s month is not issued again yet', number,
                              coalesce(account, 'account not known'), coalesce(to_char(month, 'YYYY-MM'), 'month not known'),
                              connector, coalesce(reference, number))
                  from recovered where document is null
                union all
                select format('restored at %s and not recovered: what was issued since its backup is not known', at)
                  from restored where recovered_at is null
                 order by 1
                """);
        checks.put(
                "every document is on its way or has arrived",
                """
                select format('document %s: %s', d.number,
                              case when o.document is null then 'was never handed to fan-out'
                                   when o.state = 'done' and v.document is null then 'fan-out is done, but no connector got it'
                                   else 'committed by ' || v.connector || ' without a reference' end)
                  from document d
                  left join outbox o on o.document = d.id
                  left join delivery v on v.document = d.id
                 where o.document is null or o.state = 'done' and v.document is null
                    or v.state = 'committed' and v.reference is null
                 order by d.number
                """);
        return checks;
    }
}
