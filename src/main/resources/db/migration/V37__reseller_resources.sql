-- Whose a resource is, by its id: what a reseller writes beside it is for its own clients' alone.
create index resource_resource on resource (resource);

-- A report reads what was issued page by page.
create index document_place on document (month, id);
drop index document_month;
