-- Which line of which invoice is credited by which credit note. Lines count from 1 over all sections in the invoice's order.
create table credit_line (
  document       bigint not null references document,
  line           integer not null check (line > 0),
  note           bigint not null references document,
  primary key (document, line)
);
create index credit_line_note on credit_line (note);

create index document_corrects on document (corrects) where corrects is not null;

-- Who issues a credit note holds the buckets of the tenants whose months its invoice bears.
create index month_document on month (document);

-- Deliveries that wait although they are due: a connector that got a credit note before its invoice could not link them.
create view delivery_held as
select v.id, 'waits until ' || i.number || ' is committed there'
             || case when o.id is null then ', which was never sent there' else ', which is ' || o.state end as reason
  from delivery v
  join document n on n.id = v.document and n.corrects is not null
  join document i on i.id = n.corrects
  left join delivery o on o.document = n.corrects and o.connector = v.connector
 where v.state in ('pending', 'retrying') and o.state is distinct from 'committed';
