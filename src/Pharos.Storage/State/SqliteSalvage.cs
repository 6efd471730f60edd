using Microsoft.Data.Sqlite;

namespace Pharos.Storage.State;

/// <summary>Reads from a damaged state file whatever is whole.</summary>
internal static class SqliteSalvage
{
    private const string Rows = "SELECT collection, key, value, expires_at_ms, checksum FROM state ORDER BY ";

    /// <param name="aside">The file, with its journal beside it; neither is changed.</param>
    /// <returns>Entries with the checksum that they were written with, each once.</returns>
    public static IReadOnlyList<StateChange> Read(string aside)
    {
        var copy = aside + ".tmp";
        var rows = new Dictionary<(string, string), StateChange>();
        try
        {
            // With all of the journal first. If that cannot be read whole, what is not in it is taken as it was before the damage.
            if (!ReadCopy(aside, copy, isRepaired: true, rows))
            {
                ReadCopy(aside, copy, isRepaired: false, rows);
            }
        }
        finally
        {
            Remove(copy);
        }
        return [.. rows.Values];
    }

    private static bool ReadCopy(string aside, string copy, bool isRepaired, Dictionary<(string, string), StateChange> rows)
    {
        Remove(copy);
        File.Copy(aside, copy);
        SqliteHeader.Repair(copy);
        if (File.Exists(aside + "-wal"))
        {
            File.Copy(aside + "-wal", copy + "-wal");
            if (isRepaired)
            {
                SqliteJournal.Repair(copy + "-wal", copy);
            }
        }
        var settings = new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false };
        using var connection = new SqliteConnection(settings.ConnectionString);

        // From both ends, for a damaged page stops either.
        var (forwards, backwards) = (TryRead(connection, "collection, key", rows), TryRead(connection, "collection DESC, key DESC", rows));
        return forwards && backwards;
    }

    private static bool TryRead(SqliteConnection connection, string order, Dictionary<(string, string), StateChange> rows)
    {
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Rows + order;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (StateRow.Read(reader) is { IsWhole: true } row)
                {
                    rows.TryAdd((row.Change.Collection, row.Change.Key), row.Change);
                }
            }
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private static void Remove(string copy)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(copy + suffix);
        }
    }
}
