-- What the migrations wrote, kept beside it, and a way back to it. Facts reject DELETE and
-- TRUNCATE, so the way back goes round their triggers, as only a superuser can.
CREATE SCHEMA bed;
CREATE TABLE bed.kept (name name PRIMARY KEY, columns text NOT NULL);
CREATE TABLE bed.sequence (name text PRIMARY KEY, last_value bigint NOT NULL, called boolean);

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
        INSERT INTO bed.kept VALUES (found.relname, columns);
    END LOOP;
    FOR found IN SELECT c.relname FROM pg_class c
                  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
    LOOP
        EXECUTE format('INSERT INTO bed.sequence SELECT %L, last_value, is_called FROM public.%I',
                       found.relname, found.relname);
    END LOOP;
END $$;

CREATE FUNCTION bed.reset() RETURNS void LANGUAGE plpgsql
SET session_replication_role = 'replica' AS $$
DECLARE
    found record;
    filled boolean;
BEGIN
    FOR found IN SELECT relname FROM pg_class
                  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
                    AND relname <> 'django_migrations'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', found.relname) INTO filled;
        IF filled THEN
            EXECUTE format('DELETE FROM public.%I', found.relname);
        END IF;
    END LOOP;
    FOR found IN SELECT * FROM bed.kept WHERE name <> 'django_migrations' LOOP
        EXECUTE format('INSERT INTO public.%I (%s) SELECT %s FROM bed.%I',
                       found.name, found.columns, found.columns, 'rows_' || found.name);
    END LOOP;
    FOR found IN SELECT * FROM bed.sequence LOOP
        PERFORM setval(format('public.%I', found.name), found.last_value, found.called);
    END LOOP;
END $$;
