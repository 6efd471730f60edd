using Npgsql;
using NpgsqlTypes;
using Pharos.Storage.State.Sharing;
using Utf8Text = System.Text.Encoding;

namespace Pharos.Storage.State.Postgres;

/// <summary>State in PostgreSQL, for one process or for several that share it.</summary>
/// <remarks>Thread-safe. A commit of any size is one statement and one round trip, durable as far as the server's
/// <c>synchronous_commit</c> goes. A database that is away fails each call with an <see cref="IOException"/>; the calls after its return
/// go on by themselves.</remarks>
public sealed class PostgresStateStore : ISharedStateStore
{
    /// <summary>How long others find a trace of what was removed; who was away for longer keeps it until he asks.</summary>
    private static readonly TimeSpan TraceRetention = TimeSpan.FromHours(1);

    /// <summary>A node of which nothing was heard for so long is no part of the cluster.</summary>
    private static readonly TimeSpan NodeRetention = TimeSpan.FromSeconds(30);

    /// <summary>Whoever waits longer for his lease may lose it.</summary>
    private const int MeetSeconds = 3;

    private readonly PostgresSession _session;
    private readonly TimeProvider _time;

    private PostgresStateStore(PostgresAddress address, PostgresSession session, TimeProvider time)
    {
        _session = session;
        _time = time;
        Place = address.ToString();
    }

    public event Action? Changed;

    public string Node { get; } = Guid.NewGuid().ToString("N");

    public string Place { get; }

    /// <summary>Connects, and makes the tables where they are missing.</summary>
    /// <exception cref="IOException">The database cannot be reached or refuses.</exception>
    public static PostgresStateStore Open(PostgresAddress address, TimeProvider time)
    {
        var session = new PostgresSession(address);
        try
        {
            session.Run(connection =>
            {
                using var look = new NpgsqlCommand(PostgresStatements.IsPrepared, connection);
                if (look.ExecuteScalar() is not true)
                {
                    using var transaction = connection.BeginTransaction();
                    using var prepare = new NpgsqlCommand(PostgresStatements.Prepare, connection, transaction);
                    prepare.ExecuteNonQuery();
                    transaction.Commit();
                }
                return true;
            });
        }
        catch
        {
            session.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
        var store = new PostgresStateStore(address, session, time);
        session.Follow(PostgresStatements.Listen, store.Hear);
        return store;
    }

    public void Put(string collection, string key, byte[] value, DateTimeOffset? expiresAt = null) =>
        PutAll(collection, [new StateEntry(key, value, expiresAt)]);

    public void PutAll(string collection, IReadOnlyList<StateEntry> entries)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        Commit([.. entries.Select(entry => new StateChange(collection, entry.Key, entry.Value, entry.ExpiresAt))]);
    }

    public void Commit(IReadOnlyList<StateChange> changes) => Commit(changes, epoch: null);

    public bool Commit(IReadOnlyList<StateChange> changes, long epoch) => Commit(changes, (long?)epoch);

    public bool Delete(string collection, string key) => Run(PostgresStatements.Delete, command =>
    {
        Add(command, collection, Storable(key), TraceUntil(), Node);
        return (long)command.ExecuteScalar()! > 0;
    });

    public StateEntry? Find(string collection, string key) => Run(PostgresStatements.Find, command =>
    {
        Add(command, collection, Storable(key));
        return ReadAll(command).SingleOrDefault();
    });

    public IReadOnlyList<StateEntry> All(string collection) => Run(PostgresStatements.All, command =>
    {
        Add(command, collection);
        var entries = ReadAll(command);
        // By UTF-8 bytes the order is another one beyond the basic plane.
        entries.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return entries;
    });

    public int Purge(DateTimeOffset now) => Run(PostgresStatements.Purge, command =>
    {
        Add(command, now.ToUnixTimeMilliseconds());
        return (int)(long)command.ExecuteScalar()!;
    });

    public long Revision() => Run(PostgresStatements.Revision, static command => (long)command.ExecuteScalar()!);

    public IReadOnlyList<SharedChange> ChangesAfter(long revision, IReadOnlyList<string> collections, int limit) =>
        Run(PostgresStatements.Changes, command =>
        {
            Add(command, revision, collections.ToArray(), Node, limit);
            using var reader = command.ExecuteReader();
            var changes = new List<SharedChange>();
            while (reader.Read())
            {
                changes.Add(new SharedChange(reader.GetInt64(0), reader.GetString(1), reader.GetString(2),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3), Time(reader, 4)));
            }
            return changes;
        });

    public LeaseReport Meet(LeaseRequest request) => _session.Run(connection =>
    {
        using var batch = new NpgsqlBatch(connection) { Timeout = MeetSeconds };
        void Ask(string statement, params ReadOnlySpan<object> parameters)
        {
            var command = new NpgsqlBatchCommand(statement);
            foreach (var parameter in parameters)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = parameter });
            }
            batch.BatchCommands.Add(command);
        }

        if (request.Wish is LeaseWish.Release)
        {
            Ask(PostgresStatements.Release, Node, request.Epoch);
            Ask(PostgresStatements.Leave, Node, NodeRetention.TotalSeconds);
        }
        else
        {
            Ask(PostgresStatements.Announce, Node, request.Address);
            if (request.Wish is not LeaseWish.Look)
            {
                Ask(request.Wish is LeaseWish.Renew ? PostgresStatements.Renew : PostgresStatements.Acquire,
                    Node, request.Epoch, request.TimeToLive.TotalSeconds);
            }
        }
        Ask(PostgresStatements.Lease);
        Ask(PostgresStatements.Nodes, NodeRetention.TotalSeconds);
        using var reader = batch.ExecuteReader();
        return Read(reader);
    });

    public void Dispose() => _session.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static LeaseReport Read(NpgsqlDataReader reader)
    {
        if (!reader.Read())
        {
            throw new IOException("table pharos_lease is empty; it is filled when it is made, and nobody may delete its row");
        }
        var (epoch, holder, isExpired, since) =
            (reader.GetInt64(0), reader.GetString(1), reader.GetBoolean(2), TimeSpan.FromSeconds(reader.GetDouble(3)));
        reader.NextResult();
        var nodes = new List<StateNode>();
        while (reader.Read())
        {
            nodes.Add(new StateNode(reader.GetString(0), reader.GetString(1), TimeSpan.FromSeconds(reader.GetDouble(2))));
        }
        return new LeaseReport(epoch, holder, isExpired, since, nodes);
    }

    private bool Commit(IReadOnlyList<StateChange> changes, long? epoch)
    {
        StateLimits.Check(changes);
        var last = LastOfEach(changes);
        return Run(PostgresStatements.Commit, command =>
        {
            Add(command,
                Array.ConvertAll(last, static change => change.Collection), Array.ConvertAll(last, static change => Storable(change.Key)),
                Array.ConvertAll(last, static change => change.Value),
                Array.ConvertAll(last, change => change.Value is null ? TraceUntil() : change.ExpiresAt?.ToUnixTimeMilliseconds()), Node);
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)epoch ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
            return command.ExecuteScalar() is long;
        });
    }

    /// <summary>One statement changes a row once: of several changes of a key only the last one counts.</summary>
    private static StateChange[] LastOfEach(IReadOnlyList<StateChange> changes)
    {
        var last = new Dictionary<(string, string), StateChange>(changes.Count);
        foreach (var change in changes)
        {
            last[(change.Collection, Storable(change.Key))] = change;
        }
        return [.. last.Values];
    }

    /// <summary>PostgreSQL takes no NUL and no half of a pair in a text; a key that has one must not fail the whole commit.</summary>
    private static string Storable(string key) => key.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') || key.Contains('\0', StringComparison.Ordinal)
        ? Utf8Text.UTF8.GetString(Utf8Text.UTF8.GetBytes(key)).Replace('\0', '\uFFFD') : key;

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> parameters)
    {
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }
    }

    private static List<StateEntry> ReadAll(NpgsqlCommand command)
    {
        using var reader = command.ExecuteReader();
        var entries = new List<StateEntry>();
        while (reader.Read())
        {
            entries.Add(new StateEntry(reader.GetString(0), reader.GetFieldValue<byte[]>(1), Time(reader, 2)));
        }
        return entries;
    }

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    private long TraceUntil() => (_time.GetUtcNow() + TraceRetention).ToUnixTimeMilliseconds();

    private T Run<T>(string statement, Func<NpgsqlCommand, T> action) => _session.Run(connection =>
    {
        using var command = new NpgsqlCommand(statement, connection);
        return action(command);
    });

    /// <summary>Runs on the thread that follows the channel.</summary>
    private void Hear(string? writer)
    {
        if (writer != Node)
        {
            Changed?.Invoke();
        }
    }
}
