-- The two roles and the database. One file for every way of running: the embedded servers run it
-- at each start (so it says everything only once), the postgres image runs it at its first.
--
-- zhitongche_owner owns the database and migrates. zhitongche_app is what the processes connect
-- as; `manage.py migrate` gives it its rights, and never the right to alter a fact.
\set ON_ERROR_STOP on
\getenv owner_password DATABASE_OWNER_PASSWORD
\getenv app_password DATABASE_APP_PASSWORD

SELECT 'CREATE ROLE zhitongche_owner LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'zhitongche_owner') \gexec
SELECT 'CREATE ROLE zhitongche_app LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'zhitongche_app') \gexec

ALTER ROLE zhitongche_owner NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE zhitongche_app NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';

SELECT 'CREATE DATABASE zhitongche OWNER zhitongche_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'zhitongche') \gexec

REVOKE ALL ON DATABASE zhitongche FROM PUBLIC;
GRANT CONNECT ON DATABASE zhitongche TO zhitongche_app;

\connect zhitongche

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
