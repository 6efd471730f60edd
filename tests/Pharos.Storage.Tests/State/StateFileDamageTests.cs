using Microsoft.Data.Sqlite;
using Pharos.Storage.State;

namespace Pharos.Storage.Tests.State;

/// <summary>State files in which a bit is not as it was written: named, and what is whole serves.</summary>
public sealed class StateFileDamageTests : IDisposable
{
    private const int Entries = 60;

    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingLogger _logger = new();

    private string Path => _directory.File("state.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_flipped_bit_in_the_file_costs_what_is_in_its_page_and_is_named()
    {
        Fill().Dispose();
        var whole = File.ReadAllBytes(Path);
        var random = new Random(7);
        var named = 0;
        for (var i = 0; i < 160; i++)
        {
            // The first bytes say that it is a database at all, and what sort of one.
            var at = i < 100 ? i : random.Next(whole.Length);
            var left = OpenFlipped("state.db", [("state.db", whole)], at, random.Next(8));
            Assert.All(left, static entry => Assert.Equal(ValueOf(entry.Key), entry.Value));
            Assert.True(left.Count == Entries || _logger.Lines.Any(static line => line.StartsWith("Error", StringComparison.Ordinal)));
            Assert.InRange(left.Count, i < 100 ? Entries : Entries / 4, Entries);
            named += _logger.Lines.Count;
            _logger.Lines.Clear();
        }
        Assert.True(named > 0);
    }

    [Fact]
    public void A_flipped_bit_in_the_journal_costs_next_to_nothing_and_is_named()
    {
        byte[] file, journal;
        using (Fill())
        {
            (file, journal) = (File.ReadAllBytes(Path), File.ReadAllBytes(Path + "-wal"));
        }
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            var left = OpenFlipped("state.db-wal", [("state.db", file), ("state.db-wal", journal)], random.Next(journal.Length), random.Next(8));
            Assert.All(left, static entry => Assert.Equal(ValueOf(entry.Key), entry.Value));
            Assert.InRange(left.Count, Entries / 4, Entries);
            Assert.Contains(_logger.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)
                && line.Contains("state.db-wal is damaged", StringComparison.Ordinal));
            _logger.Lines.Clear();
        }
    }

    [Fact]
    public void A_journal_that_ends_anywhere_or_begins_anew_is_no_damage()
    {
        byte[] file, journal;
        using (var store = Fill())
        {
            (file, journal) = (File.ReadAllBytes(Path), File.ReadAllBytes(Path + "-wal"));
        }
        for (var size = 0; size < journal.Length; size += 331)
        {
            Write([("state.db", file), ("state.db-wal", journal[..size])]);
            using var cut = SqliteStateStore.Open(Path, _logger);
            Assert.Empty(_logger.Lines);
        }

        // Written from the start again, over the frames of the round before.
        Write([("state.db", file), ("state.db-wal", journal)]);
        using (var store = SqliteStateStore.Open(Path, _logger))
        {
            Run("PRAGMA wal_checkpoint(RESTART)");
            store.Put("c", "more", [1]);
            (file, journal) = (File.ReadAllBytes(Path), File.ReadAllBytes(Path + "-wal"));
        }
        Write([("state.db", file), ("state.db-wal", journal)]);
        using var again = SqliteStateStore.Open(Path, _logger);
        Assert.Equal(Entries + 1, again.All("c").Count);
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public void Without_room_for_the_index_of_the_journal_the_file_is_opened_all_the_same()
    {
        Fill().Dispose();
        File.CreateSymbolicLink(Path + "-shm", "/dev/full");
        using var store = SqliteStateStore.Open(Path, _logger);
        Assert.Equal(Entries, store.All("c").Count);
        store.Put("c", "more", [1]);
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public void A_file_of_before_there_were_checksums_gets_them()
    {
        Run("CREATE TABLE state (collection TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, expires_at_ms INTEGER, "
            + "PRIMARY KEY (collection, key)) WITHOUT ROWID");
        Run("INSERT INTO state VALUES ('c', 'k', x'0102', 1000), ('c', 'l', x'', NULL)");
        for (var start = 0; start < 2; start++)
        {
            using var store = SqliteStateStore.Open(Path, _logger);
            Assert.Equal([1, 2], store.Find("c", "k")!.Value);
            Assert.Equal(2, store.All("c").Count);
            Assert.Empty(_logger.Lines);
        }
        Run("UPDATE state SET value = x'0103' WHERE key = 'k'");
        using var damaged = SqliteStateStore.Open(Path, _logger);
        Assert.Equal("l", Assert.Single(damaged.All("c")).Key);
        Assert.Contains(_logger.Lines, line => line.Contains("entry k of c is not as it was written", StringComparison.Ordinal));
    }

    private static byte[] ValueOf(string key) => System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"value of {key}; ", 20)));

    private SqliteStateStore Fill()
    {
        var store = SqliteStateStore.Open(Path, _logger);
        for (var i = 0; i < Entries; i++)
        {
            store.Put("c", $"{i}", ValueOf($"{i}"));
        }
        return store;
    }

    private List<StateEntry> OpenFlipped(string flipped, (string Name, byte[] Bytes)[] files, int at, int bit)
    {
        Write(files);
        var bytes = File.ReadAllBytes(_directory.File(flipped));
        bytes[at] ^= (byte)(1 << bit);
        File.WriteAllBytes(_directory.File(flipped), bytes);
        using var store = SqliteStateStore.Open(Path, _logger);
        List<StateEntry> left = [.. store.All("c")];
        store.Put("other", "k", [1]);
        return left;
    }

    private void Write((string Name, byte[] Bytes)[] files)
    {
        foreach (var old in Directory.GetFiles(_directory.Path, "state.db*"))
        {
            File.Delete(old);
        }
        foreach (var (name, bytes) in files)
        {
            File.WriteAllBytes(_directory.File(name), bytes);
        }
    }

    private void Run(string statement)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
