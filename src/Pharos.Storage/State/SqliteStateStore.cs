using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Pharos.Storage.State;

/// <summary>State in one SQLite file: write-ahead journal, every commit synced.</summary>
/// <remarks>Thread-safe through one lock around one connection: state is small and written seldom. A file or a journal that is
/// damaged when it is opened is renamed aside with an error in the log, and a new file begins with the entries that are whole, by
/// their checksums. A single entry that is not as it was written is taken out and named.</remarks>
public sealed class SqliteStateStore : IStateStore
{
    // https://www.sqlite.org/rescode.html: SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_CANTOPEN, SQLITE_NOTADB.
    private const int InputOutputCode = 10;
    private const int CorruptCode = 11;
    private const int CannotOpenCode = 14;
    private const int NotADatabaseCode = 26;

    private const string DeleteStatement = "DELETE FROM state WHERE collection = $c AND key = $k";

    /// <summary>One statement each: in a batch an error of an early statement can go unseen.</summary>
    private static readonly string[] Preparation =
    [
        "PRAGMA busy_timeout = 5000",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        // 16 MB of journal: pages that change often are copied into the file once instead of every few commits.
        "PRAGMA wal_autocheckpoint = 4000",
        "CREATE TABLE IF NOT EXISTS state (collection TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, "
            + "expires_at_ms INTEGER, checksum INTEGER, PRIMARY KEY (collection, key)) WITHOUT ROWID",
        "CREATE INDEX IF NOT EXISTS state_expiry ON state (expires_at_ms) WHERE expires_at_ms IS NOT NULL",
    ];

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;

    private readonly SqliteBatch _batch;

    private SqliteStateStore(SqliteConnection connection)
    {
        _connection = connection;
        _batch = new SqliteBatch(connection);
    }

    /// <summary>Opens the file and makes it where it is missing, its folder included.</summary>
    /// <exception cref="IOException">The file cannot be opened or is held by another process.</exception>
    public static SqliteStateStore Open(string path, ILogger logger)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            return new SqliteStateStore(Connect(path, logger));
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is InputOutputCode or CannotOpenCode)
        {
            // On a full disk there is no room for the index of the journal; who has the file alone does without.
            return Wrapped(path, () => new SqliteStateStore(Connect(path, logger, isAlone: true)));
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is CorruptCode or NotADatabaseCode)
        {
            return Wrapped(path, () => Replace(path, exception.Message, logger));
        }
        catch (SqliteException exception)
        {
            throw Failure(path, exception);
        }
    }

    public void Put(string collection, string key, byte[] value, DateTimeOffset? expiresAt = null) =>
        PutAll(collection, [new StateEntry(key, value, expiresAt)]);

    public void PutAll(string collection, IReadOnlyList<StateEntry> entries)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        Commit([.. entries.Select(entry => new StateChange(collection, entry.Key, entry.Value, entry.ExpiresAt))]);
    }

    public void Commit(IReadOnlyList<StateChange> changes)
    {
        StateLimits.Check(changes);
        lock (_lock)
        {
            try
            {
                _batch.Write(changes);
            }
            catch (SqliteException exception)
            {
                throw Failure(_connection.DataSource, exception);
            }
        }
    }

    public bool Delete(string collection, string key) => Run(() =>
    {
        using var command = Command(DeleteStatement, ("$c", collection), ("$k", key));
        return command.ExecuteNonQuery() > 0;
    });

    public StateEntry? Find(string collection, string key) => Run(() =>
    {
        using var command = Command("SELECT key, value, expires_at_ms FROM state WHERE collection = $c AND key = $k",
            ("$c", collection), ("$k", key));
        return ReadAll(command).SingleOrDefault();
    });

    public IReadOnlyList<StateEntry> All(string collection) => Run(() =>
    {
        using var command = Command("SELECT key, value, expires_at_ms FROM state WHERE collection = $c", ("$c", collection));
        var entries = ReadAll(command);

        // SQLite orders by UTF-8 bytes, which is not ordinal order beyond the basic plane.
        entries.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return entries;
    });

    public int Purge(DateTimeOffset now) => Run(() =>
    {
        using var command = Command("DELETE FROM state WHERE expires_at_ms <= $n", ("$n", now.ToUnixTimeMilliseconds()));
        return command.ExecuteNonQuery();
    });

    public void Dispose()
    {
        lock (_lock)
        {
            _batch.Dispose();
            _connection.Dispose();
        }
    }

    /// <param name="isAlone">No other process can open the file meanwhile, and there is no file <c>-shm</c>.</param>
    private static SqliteConnection Connect(string path, ILogger logger, bool isAlone = false)
    {
        if (!SqliteHeader.IsSound(path))
        {
            throw new SqliteException("its first bytes are not as they were written", CorruptCode);
        }
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            if (isAlone)
            {
                SqliteStateFile.Run(connection, "PRAGMA locking_mode = EXCLUSIVE");
            }

            // Until all is found to be well: from a damaged file more can be read with its journal.
            SqliteStateFile.KeepJournal(connection, isKept: true);
            SqliteStateFile.CheckJournal(connection, path, CorruptCode);
            foreach (var statement in Preparation)
            {
                SqliteStateFile.Run(connection, statement);
            }
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA quick_check(1)";
            if (check.ExecuteScalar() is string answer && answer != "ok")
            {
                throw new SqliteException(answer, CorruptCode);
            }
            SqliteStateFile.AddChecksums(connection);
            SqliteStateFile.TakeOutDamaged(connection, path, logger);
            SqliteStateFile.KeepJournal(connection, isKept: false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Begins a new file with what is whole in the old one.</summary>
    private static SqliteStateStore Replace(string path, string reason, ILogger logger)
    {
        var aside = SqliteStateFile.SetAside(path);
        var entries = SqliteSalvage.Read(aside);
        logger.LogError("State file {Path} is corrupt ({Reason}). It was renamed to {Aside}; {Count} entries that are whole are in a new "
            + "one. Silences and notifications that are not among them are not in effect", path, reason, aside, entries.Count);
        var store = new SqliteStateStore(Connect(path, logger));
        store.Commit(entries);
        return store;
    }

    private static List<StateEntry> ReadAll(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var entries = new List<StateEntry>();
        while (reader.Read())
        {
            DateTimeOffset? expiresAt = reader.IsDBNull(2) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2));
            entries.Add(new StateEntry(reader.GetString(0), reader.GetFieldValue<byte[]>(1), expiresAt));
        }
        return entries;
    }

    private static IOException Failure(string path, SqliteException exception) =>
        new($"state file {path}: {exception.Message}", exception);

    private static T Wrapped<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException exception)
        {
            throw Failure(path, exception);
        }
    }

    private T Run<T>(Func<T> action)
    {
        lock (_lock)
        {
            return Wrapped(_connection.DataSource, action);
        }
    }

    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }
        return command;
    }
}
