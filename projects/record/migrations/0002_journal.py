"""The functions by which tables enter their rows into the journal; ``migrate`` sets the triggers.

They have the owner's rights, because the application may only read the journal. Whoever takes a
number for an entry holds the lock of a change until he commits, so that an anchor misses no entry.
"""

from typing import ClassVar

from django.db import migrations

# A row of several key columns is named by their values, with a stroke between them. The entry of a
# deleted row has no digest.
CREATE = """
    CREATE FUNCTION record_digest(kept jsonb) RETURNS text LANGUAGE sql STABLE AS
        $$ SELECT encode(sha256(convert_to(kept::text, 'UTF8')), 'hex') $$;
    CREATE FUNCTION record_journal_rows() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(5919811);
        INSERT INTO record_journal (of_table, key, digest)
            SELECT TG_TABLE_NAME,
                (SELECT string_agg(to_jsonb(written) ->> name, '/') FROM unnest(TG_ARGV) AS name),
                record_digest(to_jsonb(written))
            FROM written;
        RETURN NULL;
    END $$;
    CREATE FUNCTION record_journal_hashes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(5919811);
        INSERT INTO record_journal (of_table, key, digest)
            SELECT TG_TABLE_NAME, concat(to_jsonb(written) ->> TG_ARGV[0], '/', written.seq), written.hash
            FROM written;
        RETURN NULL;
    END $$;
    CREATE FUNCTION record_journal_deletions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(5919811);
        INSERT INTO record_journal (of_table, key, digest)
            SELECT TG_TABLE_NAME,
                (SELECT string_agg(to_jsonb(written) ->> name, '/') FROM unnest(TG_ARGV) AS name), ''
            FROM written;
        RETURN NULL;
    END $$;
    REVOKE ALL ON FUNCTION record_journal_rows(), record_journal_hashes(),
        record_journal_deletions() FROM PUBLIC;
"""
DROP = """
    DROP FUNCTION record_journal_deletions();
    DROP FUNCTION record_journal_hashes();
    DROP FUNCTION record_journal_rows();
    DROP FUNCTION record_digest(jsonb);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("record", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(CREATE, DROP)]
