-- Who let a month's documents be issued, where closing waits for a person (caravan.close.approval=manual).
create table approval (
  id             bigint generated always as identity primary key,
  month          date not null,
  approved_by    text not null,
  approved_at    timestamptz not null
);
create index approval_month on approval (month);

-- What was shown and approved: an account's document, and its total in the document's currency.
create table approval_account (
  approval       bigint not null references approval,
  account        text not null,
  currency       text not null,
  total          numeric not null,
  primary key (approval, account)
);
