-- Whose a tenant is: the customer's whose subscription had it last. A customer that had it more than once has more than one
-- row of it.
create view reseller_tenant as
select s.merchant_id, s.customer_id, s.realm, s.resource_id as name
  from subscription s
 where s.resource_type = 'tenant' and s.resource_id is not null
   and not exists (select from subscription o
                    where o.resource_id = s.resource_id and o.realm = s.realm and o.resource_type = 'tenant'
                      and o.customer_id <> s.customer_id
                      and (coalesce(o.tied_from, o.created_at), o.id) > (coalesce(s.tied_from, s.created_at), s.id));

-- Whose a resource is, by its id: what a reseller writes beside it is for its own clients' alone.
create index resource_resource on resource (resource);

-- A report reads what was issued page by page.
create index document_place on document (month, id);
drop index document_month;
