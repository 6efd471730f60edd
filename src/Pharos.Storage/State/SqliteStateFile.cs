using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Pharos.Storage.State;

/// <summary>Looks a state file through before it is used.</summary>
internal static class SqliteStateFile
{
    private static readonly string[] Journals = ["-wal", "-shm"];

    /// <summary>Says whether the connection takes the journal into the file and removes it when it is closed.</summary>
    public static void KeepJournal(SqliteConnection connection, bool isKept) =>
        raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, isKept ? 1 : 0, out _);

    /// <summary>Refuses a file whose journal has frames that SQLite would pass over.</summary>
    /// <exception cref="SqliteException">The journal is damaged.</exception>
    public static void CheckJournal(SqliteConnection connection, string path, int errorCode)
    {
        var journal = path + "-wal";
        if (!File.Exists(journal))
        {
            return;
        }

        // Nobody else writes meanwhile. Nothing is written here, either, so that the journal stays as it is.
        Run(connection, "PRAGMA busy_timeout = 5000");
        Run(connection, "BEGIN IMMEDIATE");
        var damage = SqliteJournal.FindDamage(journal);
        Run(connection, "ROLLBACK");
        if (damage is { } at)
        {
            throw new SqliteException($"its journal {journal} is damaged at byte {at}", errorCode);
        }
    }

    /// <summary>For a file that an earlier version made.</summary>
    public static void AddChecksums(SqliteConnection connection)
    {
        using (var columns = connection.CreateCommand())
        {
            columns.CommandText = "SELECT COUNT(*) FROM pragma_table_info('state') WHERE name = 'checksum'";
            if (columns.ExecuteScalar() is > 0L)
            {
                return;
            }
        }
        Run(connection, "ALTER TABLE state ADD COLUMN checksum INTEGER");
        var changes = Rows(connection).Where(static row => row.Change.Value is not null).Select(static row => row.Change).ToList();
        using var batch = new SqliteBatch(connection);
        batch.Write(changes);
    }

    /// <summary>Moves rows that are not as they were written to a table that nobody reads, and names them.</summary>
    public static void TakeOutDamaged(SqliteConnection connection, string path, ILogger logger)
    {
        var damaged = Rows(connection).Where(static row => !row.IsWhole).Select(static row => row.Change).ToList();
        if (damaged.Count == 0)
        {
            return;
        }
        Run(connection, "CREATE TABLE IF NOT EXISTS damaged (collection, key, value, expires_at_ms, checksum)");
        foreach (var change in damaged)
        {
            logger.LogError("State file {Path}: entry {Key} of {Collection} is not as it was written; it is not in effect, and is kept in the "
                + "table \"damaged\"", path, change.Key, change.Collection);
            Run(connection, "BEGIN IMMEDIATE");
            Run(connection, "INSERT INTO damaged SELECT * FROM state WHERE collection = $c AND key = $k", change);
            Run(connection, "DELETE FROM state WHERE collection = $c AND key = $k", change);
            Run(connection, "COMMIT");
        }
    }

    /// <summary>Moves the file and its journals to the first free name <c>FILE.corrupt-N</c>.</summary>
    public static string SetAside(string path)
    {
        var number = 1;
        while (File.Exists($"{path}.corrupt-{number}"))
        {
            number++;
        }
        var aside = $"{path}.corrupt-{number}";
        File.Move(path, aside);
        foreach (var journal in Journals.Where(suffix => File.Exists(path + suffix)))
        {
            File.Move(path + journal, aside + journal);
        }
        return aside;
    }

    public static void Run(SqliteConnection connection, string statement, StateChange? at = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        if (at is not null)
        {
            command.Parameters.AddWithValue("$c", at.Collection);
            command.Parameters.AddWithValue("$k", at.Key);
        }
        command.ExecuteNonQuery();
    }

    private static List<StateRow> Rows(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT collection, key, value, expires_at_ms, checksum FROM state";
        using var reader = command.ExecuteReader();
        var rows = new List<StateRow>();
        while (reader.Read())
        {
            rows.Add(StateRow.Read(reader));
        }
        return rows;
    }
}
