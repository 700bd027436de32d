package org.caravan.invoice;

/**
 * The queries of {@link Audit} that read what documents say. Texts are read as json, not as jsonb, which refuses a character
 * that metadata may hold, and only where they are what was issued: another may be no json at all.
 */
final class AuditedDocuments {
    /**
     * Text and row of a document are written together and never again: the digest tells whether the text is the one that
     * was issued, its figures whether row and text are one document, and whether it adds up. Sections are not added up from
     * their lines, as a rounding policy may round them once more.
     */
    static final String SAY_WHAT_WAS_ISSUED =
            """
            select finding from (
              select d.number, format('document %s: %s', d.number,
                     case when b.said is null then 'its text is not what its digest says'
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
               cross join lateral (
                 select case when sha256(convert_to(d.body, 'UTF8')) = d.digest then d.body::json end as said offset 0) as b
            ) as f
             where finding not like '%: ' order by number
            """;

    static final String CREDIT_NOTES =
            """
            with line as (
              select d.id as document, row_number() over (partition by d.id order by s.n, l.n) as line,
                     (l.said ->> 'amount')::numeric as amount, (l.said ->> 'exact')::numeric as exact
                from document d
               cross join lateral json_array_elements(
                       case when sha256(convert_to(d.body, 'UTF8')) = d.digest then d.body::json -> 'sections' end)
                       with ordinality as s (said, n)
               cross join lateral json_array_elements(s.said -> 'lines') with ordinality as l (said, n)
               where d.id in (select document from credit_line union select id from document where corrects is not null)
            ), own as (
              select document as note, array_agg(amount order by line) as amounts, array_agg(exact order by line) as exacts,
                     sum(exact) as exact
                from line group by document
            ), taken as (
              select c.note, array_agg(-l.amount order by c.line) as amounts, array_agg(-l.exact order by c.line) as exacts
                from credit_line c join line l on l.document = c.document and l.line = c.line group by c.note
            )
            select finding from (
              select n.number, format('credit note %s: %s', n.number,
                     case when i.id is null or i.kind <> 'invoice' or i.proforma then 'corrects no invoice'
                          when (i.account, i.currency) <> (n.account, n.currency) then 'is of another account or currency'
                          when exists (select from credit_line c where c.note = n.id and c.document <> i.id)
                          then 'took a line of another invoice'
                          when (own.amounts, own.exacts) is distinct from (taken.amounts, taken.exacts)
                          then 'is not the lines of ' || i.number || ' that it took'
                          when n.exact is distinct from own.exact or n.total <> (n.body::json ->> 'total')::numeric
                          then 'says other sums than its text' end) as finding
                from document n
                left join document i on i.id = n.corrects
                left join own on own.note = n.id
                left join taken on taken.note = n.id
               where n.kind = 'credit-note'
              union all
              select d.number, format('document %s: has credited lines and is no credit note', d.number)
                from document d where d.kind <> 'credit-note' and exists (select from credit_line c where c.note = d.id)
            ) as f
             where finding not like '%: ' order by number
            """;

    static final String CREDITED_INVOICES =
            """
            select format('invoice %s: comes to %s, its credit notes to %s for %s of %s lines',
                          i.number, i.total, n.total, coalesce(c.lines, 0), i.lines)
              from document i
              join (select corrects, sum(total) as total from document where corrects is not null group by corrects) n
                on n.corrects = i.id
              left join (select document, count(*) as lines from credit_line group by document) c on c.document = i.id
             where abs(i.total + n.total) > abs(i.total)
                or sign(i.total + n.total) not in (0, sign(i.total))
                or c.lines = i.lines and i.total + n.total <> 0
             order by i.number
            """;

    private AuditedDocuments() {}
}
