using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.State;
using Pharos.Storage.State.Postgres;

namespace Pharos.Storage.Tests.State;

/// <summary>What holds of every state store, and what of those that outlive the process.</summary>
public sealed class StateStoreTests(StateStoreTests.SharedPostgres postgres) : IClassFixture<StateStoreTests.SharedPostgres>, IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public void Keeps_the_last_value_of_each_key_by_collection(StoreKind kind)
    {
        using var store = Open(kind);
        store.Put("silences", "b", [1]);
        store.Put("silences", "a", [2], Noon);
        store.Put("silences", "b", [3, 4]);
        store.Put("log", "b", [9]);

        Assert.Equal(["a", "b"], store.All("silences").Select(entry => entry.Key));
        Assert.Equal([3, 4], store.Find("silences", "b")!.Value);
        Assert.Equal(Noon, store.Find("silences", "a")!.ExpiresAt);
        Assert.Equal([9], store.Find("log", "b")!.Value);
        Assert.Null(store.Find("log", "a"));
        Assert.Empty(store.All("nothing"));
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public void Deletes_one_and_purges_what_has_expired(StoreKind kind)
    {
        using var store = Open(kind);
        store.PutAll("c", [new("past", [1], Noon.AddSeconds(-1)), new("now", [1], Noon), new("later", [1], Noon.AddSeconds(1)),
            new("never", [1], null), new("gone", [1], null)]);

        Assert.True(store.Delete("c", "gone"));
        Assert.False(store.Delete("c", "gone"));
        Assert.Equal(2, store.Purge(Noon));
        Assert.Equal(["later", "never"], store.All("c").Select(entry => entry.Key));
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public void Commits_changes_of_several_collections_in_their_order_or_none(StoreKind kind)
    {
        using var store = Open(kind);
        store.Put("log", "old", [1]);
        store.Commit([new("log", "new", [2], Noon), new("log", "old", null), new("alerts", "a", [3]), new("alerts", "a", [4]),
            new("alerts", "missing", null)]);
        Assert.Equal(["new"], store.All("log").Select(entry => entry.Key));
        Assert.Equal(Noon, store.Find("log", "new")!.ExpiresAt);
        Assert.Equal([4], store.Find("alerts", "a")!.Value);

        Assert.Throws<ArgumentException>(() => store.Commit(
            [new("log", "new", null), new("log", "big", new byte[IStateStore.MaxValueBytes + 1])]));
        Assert.Equal(["new"], store.All("log").Select(entry => entry.Key));
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public void A_value_beyond_the_limit_is_refused_and_nothing_of_the_batch_kept(StoreKind kind)
    {
        using var store = Open(kind);
        Assert.Throws<ArgumentException>(() => store.PutAll("c",
            [new("small", [1], null), new("big", new byte[IStateStore.MaxValueBytes + 1], null)]));
        Assert.Empty(store.All("c"));
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public void Keys_are_any_text_and_are_listed_in_ordinal_order(StoreKind kind)
    {
        using var store = Open(kind);
        string[] keys = ["", "a", "A", "'; DROP TABLE state; --", "{}:{x=\"y\"}", "\uffee", "\U0001F525", "zürich\n"];
        store.PutAll("c", [.. keys.Select(key => new StateEntry(key, [1], null))]);
        Assert.Equal(keys.Order(StringComparer.Ordinal), store.All("c").Select(entry => entry.Key));
        Assert.All(keys, key => Assert.NotNull(store.Find("c", key)));
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public void Commits_of_many_threads_lose_nothing(StoreKind kind)
    {
        using var store = Open(kind);
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 20; i++)
            {
                store.Commit([new("c", $"{thread}-{i}", [1]), new("c", "shared", [(byte)thread]), new("c", $"{thread}-{i - 1}", null)]);
            }
        });
        Assert.Equal([.. Enumerable.Range(0, 8).Select(thread => $"{thread}-19"), "shared"], store.All("c").Select(entry => entry.Key));
    }

    [Fact]
    public void Callers_and_store_share_no_array()
    {
        using var store = Open(StoreKind.Memory);
        byte[] value = [1];
        store.Put("c", "k", value);
        value[0] = 2;
        store.Find("c", "k")!.Value[0] = 3;
        Assert.Equal([1], store.Find("c", "k")!.Value);
    }

    [Fact]
    public void A_reopened_file_has_everything()
    {
        using (var store = Open(StoreKind.Sqlite))
        {
            store.Put("c", "k", [1, 2, 3], Noon);
        }
        using var again = Open(StoreKind.Sqlite);
        var entry = Assert.Single(again.All("c"));
        Assert.Equal([1, 2, 3], entry.Value);
        Assert.Equal(Noon, entry.ExpiresAt);
    }

    [Fact]
    public void A_copy_taken_while_the_store_is_open_has_every_returned_put()
    {
        using var store = Open(StoreKind.Sqlite);
        store.Put("c", "k", [7]);
        foreach (var suffix in new[] { "", "-wal" })
        {
            File.Copy(_directory.File("state.db" + suffix), _directory.File("copy.db" + suffix));
        }
        using var crashed = SqliteStateStore.Open(_directory.File("copy.db"), NullLogger.Instance);
        Assert.Equal([7], crashed.Find("c", "k")!.Value);
    }

    [Fact]
    public void A_corrupt_file_is_set_aside_and_an_empty_store_serves()
    {
        File.WriteAllText(_directory.File("state.db"), new string('x', 5000));
        using var store = Open(StoreKind.Sqlite);
        store.Put("c", "k", [1]);
        Assert.Single(store.All("c"));
        Assert.True(File.Exists(_directory.File("state.db.corrupt-1")));
    }

    private IStateStore Open(StoreKind kind) => kind switch
    {
        StoreKind.Sqlite => SqliteStateStore.Open(_directory.File("state.db"), NullLogger.Instance),
        StoreKind.Postgres => PostgresStateStore.Open(PostgresAddress.Parse(postgres.Server.NewDatabase()), TimeProvider.System),
        _ => new InMemoryStateStore(),
    };

    public enum StoreKind
    {
        Memory,
        Sqlite,
        Postgres,
    }

    /// <summary>One server for all tests of the class, started by the first that asks.</summary>
    public sealed class SharedPostgres : IDisposable
    {
        private readonly Lazy<PostgresServer> _server = new(PostgresServer.Start);

        public PostgresServer Server => _server.Value;

        public void Dispose()
        {
            if (_server.IsValueCreated)
            {
                _server.Value.Dispose();
            }
        }
    }
}
