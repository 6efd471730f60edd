namespace Pharos.Storage.State.Postgres;

/// <summary>The tables and everything that is asked of them.</summary>
/// <remarks>The one row of <c>pharos_lease</c> is both the lease and the clock of commits. Each commit moves its revision and so holds
/// the row until its end: commits of all nodes come one after the other, in the order of their revisions, and who takes the lease
/// waits for those under way. Each commit is one statement: no transaction stays open when a process is stopped in its middle.</remarks>
internal static class PostgresStatements
{
    /// <summary>Two nodes that start at once make the tables one after the other. The number is only ours.</summary>
    public const string Prepare = """
        SELECT pg_advisory_xact_lock(7233186902143310);
        CREATE TABLE IF NOT EXISTS pharos_state (
            collection text COLLATE "C" NOT NULL,
            key text COLLATE "C" NOT NULL,
            value bytea,
            expires_at_ms bigint,
            revision bigint NOT NULL,
            writer text NOT NULL,
            PRIMARY KEY (collection, key));
        CREATE INDEX IF NOT EXISTS pharos_state_revision ON pharos_state (revision);
        CREATE INDEX IF NOT EXISTS pharos_state_expiry ON pharos_state (expires_at_ms) WHERE expires_at_ms IS NOT NULL;
        CREATE TABLE IF NOT EXISTS pharos_lease (
            id integer PRIMARY KEY CHECK (id = 1),
            revision bigint NOT NULL,
            epoch bigint NOT NULL,
            holder text NOT NULL,
            renewed_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL);
        INSERT INTO pharos_lease VALUES (1, 0, 0, '', to_timestamp(0), to_timestamp(0)) ON CONFLICT DO NOTHING;
        CREATE TABLE IF NOT EXISTS pharos_node (
            name text PRIMARY KEY,
            address text NOT NULL,
            seen_at timestamptz NOT NULL);
        """;

    /// <summary>A role that may not create tables still works with those that are there.</summary>
    public const string IsPrepared = "SELECT to_regclass('pharos_node') IS NOT NULL";

    public const string Channel = "pharos_state";

    public const string Listen = $"LISTEN {Channel}";

    public const string Revision = "SELECT revision FROM pharos_lease WHERE id = 1";

    /// <summary>$1 to $4: collections, keys, values and expiries in columns; $5: the node; $6: the epoch, or null for whoever leads.
    /// No row comes back where the epoch is over. A removed key stays as a row without a value, so that others hear of it.</summary>
    public const string Commit = $"""
        WITH lease AS (
            UPDATE pharos_lease SET revision = revision + 1 WHERE id = 1 AND ($6::bigint IS NULL OR (epoch = $6 AND holder = $5))
            RETURNING revision),
        put AS (
            INSERT INTO pharos_state (collection, key, value, expires_at_ms, revision, writer)
            SELECT u.collection, u.key, u.value, u.expires_at_ms, lease.revision, $5
            FROM lease, unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[]) AS u (collection, key, value, expires_at_ms)
            ON CONFLICT (collection, key) DO UPDATE SET
                value = excluded.value, expires_at_ms = excluded.expires_at_ms, revision = excluded.revision, writer = excluded.writer)
        SELECT revision, pg_notify('{Channel}', $5) FROM lease
        """;

    /// <summary>$1: collection; $2: key; $3: when the trace of it goes; $4: the node.</summary>
    public const string Delete = $"""
        WITH lease AS (UPDATE pharos_lease SET revision = revision + 1 WHERE id = 1 RETURNING revision),
        gone AS (
            UPDATE pharos_state s SET value = NULL, expires_at_ms = $3, revision = lease.revision, writer = $4
            FROM lease WHERE s.collection = $1 AND s.key = $2 AND s.value IS NOT NULL
            RETURNING 1)
        SELECT (SELECT count(*) FROM gone), pg_notify('{Channel}', $4) FROM lease
        """;

    public const string Find = "SELECT key, value, expires_at_ms FROM pharos_state WHERE collection = $1 AND key = $2 AND value IS NOT NULL";

    public const string All = "SELECT key, value, expires_at_ms FROM pharos_state WHERE collection = $1 AND value IS NOT NULL";

    /// <summary>Takes the same row first as a commit does: two that delete and write the same keys cannot wait for each other.</summary>
    public const string Purge = """
        WITH lease AS (UPDATE pharos_lease SET revision = revision WHERE id = 1 RETURNING 1),
        gone AS (DELETE FROM pharos_state USING lease WHERE expires_at_ms <= $1 RETURNING value IS NOT NULL AS was_there)
        SELECT count(*) FILTER (WHERE was_there) FROM gone
        """;

    /// <summary>$1: after which revision; $2: of which collections; $3: not of this node; $4: how many about.</summary>
    public const string Changes = """
        SELECT revision, collection, key, value, expires_at_ms FROM pharos_state
        WHERE revision > $1 AND collection = ANY($2) AND writer <> $3
        ORDER BY revision FETCH FIRST $4 ROWS WITH TIES
        """;

    /// <summary>$1: the node; $2: its address.</summary>
    public const string Announce = """
        INSERT INTO pharos_node (name, address, seen_at) VALUES ($1, $2, clock_timestamp())
        ON CONFLICT (name) DO UPDATE SET address = excluded.address, seen_at = excluded.seen_at
        """;

    /// <summary>$1: the node; $2: for how many seconds nobody must have heard of another one.</summary>
    public const string Leave =
        "DELETE FROM pharos_node WHERE name = $1 OR seen_at < clock_timestamp() - make_interval(secs => $2)";

    /// <summary>$1: the node; $2: its epoch; $3: time to live in seconds.</summary>
    public const string Renew = """
        UPDATE pharos_lease SET renewed_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => $3)
        WHERE id = 1 AND epoch = $2 AND holder = $1
        """;

    /// <summary>$1: the node; $2: the epoch to follow on; $3: time to live in seconds.</summary>
    public const string Acquire = """
        UPDATE pharos_lease SET epoch = epoch + 1, holder = $1,
            renewed_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => $3)
        WHERE id = 1 AND epoch = $2 AND expires_at <= clock_timestamp()
        """;

    /// <summary>$1: the node; $2: its epoch. Nobody holds the lease from here on, which others tell from a holder who is late.</summary>
    public const string Release = """
        UPDATE pharos_lease SET holder = '', renewed_at = clock_timestamp(), expires_at = clock_timestamp()
        WHERE id = 1 AND epoch = $2 AND holder = $1
        """;

    public const string Lease = """
        SELECT epoch, holder, expires_at <= clock_timestamp(), extract(epoch FROM clock_timestamp() - renewed_at)::float8
        FROM pharos_lease WHERE id = 1
        """;

    /// <summary>$1: within how many seconds a node must have been heard of.</summary>
    public const string Nodes = """
        SELECT name, address, extract(epoch FROM clock_timestamp() - seen_at)::float8 FROM pharos_node
        WHERE seen_at >= clock_timestamp() - make_interval(secs => $1) ORDER BY name COLLATE "C"
        """;
}
