package org.caravan.invoice;

/** The query of {@link Audit} that reads what documents say. */
final class AuditedDocuments {
    /**
     * Text and row of a document are written together and never again: the digest tells whether the text is the one that
     * was issued, its figures whether row and text are one document, and whether it adds up. Sections are not added up from
     * their lines, as a rounding policy may round them once more. Read as json, not as jsonb, which refuses a character that
     * metadata may hold.
     */
    static final String SAY_WHAT_WAS_ISSUED =
            """
            select finding from (
              select d.number, format('document %s: %s', d.number,
                     case when sha256(convert_to(d.body, 'UTF8')) <> d.digest then 'its text is not what its digest says'
                          when (b.said ->> 'number', b.said ->> 'key', b.said ->> 'account', b.said ->> 'currency',
                                (b.said ->> 'total')::numeric, (b.said ->> 'exact')::numeric)
                               is distinct from (d.number, d.key, d.account, d.currency, d.total, d.exact)
                          then 'its text says other than the ledger'
                          when (b.said ->> 'total')::numeric
                               <> (b.said ->> 'subtotal')::numeric - (b.said -> 'discount' ->> 'amount')::numeric
                                  + (select coalesce(sum((t ->> 'amount')::numeric), 0)
                                       from json_array_elements(b.said -> 'taxes') as t)
                            or (b.said ->> 'subtotal')::numeric
                               <> (select coalesce(sum((s ->> 'subtotal')::numeric), 0)
                                     from json_array_elements(b.said -> 'sections') as s)
                            or (b.said ->> 'exact')::numeric
                               <> (select coalesce(sum((l ->> 'exact')::numeric), 0)
                                     from json_array_elements(b.said -> 'sections') as s,
                                          json_array_elements(s -> 'lines') as l)
                          then 'does not add up' end) as finding
                from document d
               -- the body is read once, not once for each figure
               cross join lateral (select d.body::json as said offset 0) as b
            ) as f
             where finding not like '%: ' order by number
            """;

    private AuditedDocuments() {}
}
