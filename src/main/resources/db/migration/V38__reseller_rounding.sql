-- Merchants that are served as resellers: whoever has, or had, a key for that. A revoked key stays a row, so that revoking one
-- never changes how invoices are rounded.
create index api_key_reseller on api_key (subject) where kind = 'reseller';
create view reseller as
select distinct subject as merchant_id from api_key where kind = 'reseller' and subject is not null;
