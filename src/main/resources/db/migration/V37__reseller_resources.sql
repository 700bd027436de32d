-- Whose a resource is, by its id: what a reseller writes beside it is for its own clients' alone.
create index resource_resource on resource (resource);
