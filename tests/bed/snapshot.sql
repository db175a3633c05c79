-- What the migrations wrote, kept beside it, and a way back to it. Facts reject DELETE and
-- TRUNCATE, so the way back goes round their triggers, as only a superuser can.
CREATE SCHEMA bed;
-- mark: what changes with every insert, update and delete, since each row keeps its transaction
CREATE TABLE bed.kept (name name PRIMARY KEY, columns text NOT NULL, mark text NOT NULL);
CREATE TABLE bed.sequence (name text PRIMARY KEY, last_value bigint NOT NULL, called boolean);

CREATE FUNCTION bed.mark_of(name name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    mark text;
BEGIN
    EXECUTE format('SELECT concat(count(*), '' '', sum(xmin::text::bigint)) FROM public.%I', name)
       INTO mark;
    RETURN mark;
END $$;

DO $$
DECLARE
    found record;
    filled boolean;
    columns text;
BEGIN
    FOR found IN SELECT c.oid, c.relname FROM pg_class c
                  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', found.relname) INTO filled;
        CONTINUE WHEN NOT filled;
        EXECUTE format('CREATE TABLE bed.%I AS TABLE public.%I', 'rows_' || found.relname, found.relname);
        SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
         WHERE attrelid = found.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        INSERT INTO bed.kept VALUES (found.relname, columns, bed.mark_of(found.relname));
    END LOOP;
    FOR found IN SELECT c.relname FROM pg_class c
                  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
    LOOP
        EXECUTE format('INSERT INTO bed.sequence SELECT %L, last_value, is_called FROM public.%I',
                       found.relname, found.relname);
    END LOOP;
END $$;

-- A table that has grown is truncated, which gives back its space: what is deleted, or was rolled
-- back, stays in it unseen, makes it slow to read and changes the plans of later tests.
CREATE FUNCTION bed.reset() RETURNS void LANGUAGE plpgsql
SET session_replication_role = 'replica' AS $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT relname, pg_relation_size(oid) > 256 * 1024 AS grown FROM pg_class
                  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
                    AND relname NOT IN (SELECT name FROM bed.kept) AND pg_relation_size(oid) > 0
    LOOP
        IF found.grown THEN
            EXECUTE format('TRUNCATE public.%I CASCADE', found.relname);
        ELSE
            EXECUTE format('DELETE FROM public.%I', found.relname);
        END IF;
    END LOOP;
    FOR found IN SELECT * FROM bed.kept WHERE mark <> bed.mark_of(name)
                                          AND name <> 'django_migrations'
    LOOP
        EXECUTE format('DELETE FROM public.%I', found.name);
        EXECUTE format('INSERT INTO public.%I (%s) SELECT %s FROM bed.%I',
                       found.name, found.columns, found.columns, 'rows_' || found.name);
        UPDATE bed.kept SET mark = bed.mark_of(name) WHERE name = found.name;
    END LOOP;
    PERFORM setval(format('public.%I', name), last_value, called) FROM bed.sequence;
END $$;
