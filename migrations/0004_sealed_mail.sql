-- Mails on their way out carry private links and signed addresses: from here on they are kept sealed, envelope and all.
-- Those that wait are written anew with the same identifier.
delete from outgoing;
alter table outgoing drop column sender;
alter table outgoing drop column recipient;
alter table outgoing rename column bytes to sealed;
