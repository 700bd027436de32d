-- Invoices that a merchant writes by hand, beside those that close its customers' months. They are no documents of the
-- ledger: no usage is in them, and no connector gets them. identifier: from the merchant's series, once issued.
create table manual_invoice (
  id             text primary key,
  merchant_id    text not null references merchant,
  customer_id    text not null references customer,
  identifier     text,
  currency       text not null references currency,
  state          text not null references invoice_state,
  due            timestamptz,
  tax_percentage numeric not null default 0,
  sub_total      numeric not null default 0,
  tax_total      numeric not null default 0,
  total          numeric not null default 0,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  unique (merchant_id, identifier),
  check ((state = 'draft') = (identifier is null))
);
create index manual_invoice_customer on manual_invoice (customer_id);

create table manual_invoice_line (
  id             text primary key,
  invoice_id     text not null references manual_invoice on delete cascade,
  description    text not null,
  quantity       numeric not null,
  price          numeric not null,
  sub_total      numeric not null,
  created_at     timestamptz not null,
  updated_at     timestamptz not null
);
create index manual_invoice_line_invoice on manual_invoice_line (invoice_id);

-- An issued document is found by a digest of its key.
create index invoice_status_id on invoice_status ((md5(document_key)::uuid::text));

-- All lines of a merchant's invoices, each with its place. What a document's line is called is its label, else its product.
create view merchant_invoice_line as
select md5(s.document_key)::uuid::text || '-' || l.place as id, md5(s.document_key)::uuid::text as invoice_id,
       s.merchant_id, s.customer_id, l.place, coalesce(l.line ->> 'label', l.line ->> 'product') as description,
       (l.line ->> 'quantity')::numeric as quantity, (l.line ->> 'unitPrice')::numeric as price,
       (l.line ->> 'amount')::numeric as sub_total, d.issued_at as created_at, d.issued_at as updated_at
  from invoice_status s
  join document d on d.key = s.document_key
  cross join lateral jsonb_path_query(d.body::jsonb, '$.sections[*].lines[*]') with ordinality as l (line, place)
union all
select l.id, l.invoice_id, i.merchant_id, i.customer_id,
       row_number() over (partition by l.invoice_id order by l.created_at, l.id), l.description, l.quantity, l.price,
       l.sub_total, l.created_at, l.updated_at
  from manual_invoice_line l join manual_invoice i on i.id = l.invoice_id;

-- All invoices of merchants. sub_total is the sum of the lines; what is taken off is told apart.
create view merchant_invoice as
select md5(s.document_key)::uuid::text as id, s.merchant_id, s.customer_id, s.identifier, s.document_key, d.number,
       lower(d.currency) as currency, s.state, s.due, to_char(d.month, 'YYYY-MM') as month,
       (d.body::jsonb ->> 'subtotal')::numeric as sub_total,
       coalesce((d.body::jsonb #>> '{discount,amount}')::numeric, 0) as discount,
       (select coalesce(sum((x ->> 'rate')::numeric), 0) from jsonb_array_elements(d.body::jsonb -> 'taxes') as x)
         as tax_percentage,
       (select coalesce(sum((x ->> 'amount')::numeric), 0) from jsonb_array_elements(d.body::jsonb -> 'taxes') as x)
         as tax_total,
       d.total, d.issued_at as created_at, s.updated_at
  from invoice_status s
  join document d on d.key = s.document_key
union all
select id, merchant_id, customer_id, identifier, null, null, currency, state, due, null, sub_total, 0, tax_percentage,
       tax_total, total, created_at, updated_at
  from manual_invoice;
