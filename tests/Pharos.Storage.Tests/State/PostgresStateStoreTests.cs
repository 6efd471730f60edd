using Pharos.Storage.State;
using Pharos.Storage.State.Postgres;
using Pharos.Storage.State.Sharing;

namespace Pharos.Storage.Tests.State;

/// <summary>What only a database that several nodes share has to keep, on a real one.</summary>
public sealed class PostgresStateStoreTests(StateStoreTests.SharedPostgres postgres) : IClassFixture<StateStoreTests.SharedPostgres>
{
    private static readonly TimeSpan LongLease = TimeSpan.FromMinutes(1);
    private static readonly string[] Collections = ["a", "b"];

    [Fact]
    public void Each_node_hears_of_the_commits_of_the_others_in_their_order()
    {
        var database = postgres.Server.NewDatabase();
        using var one = Open(database);
        using var two = Open(database);
        using var heard = new ManualResetEventSlim();
        two.Changed += heard.Set;
        var before = two.Revision();
        one.Put("a", "k", [1]);
        one.Commit([new("b", "k", [2]), new("c", "not asked for", [3])]);
        two.Put("a", "own", [4]);
        one.Delete("a", "k");
        Assert.True(heard.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));

        var changes = two.ChangesAfter(before, Collections, 100);
        Assert.Equal(["b/k", "a/k"], changes.Select(change => $"{change.Collection}/{change.Key}"));
        Assert.Equal([2], changes[0].Value);
        Assert.Null(changes[1].Value);
        Assert.True(changes[0].Revision < changes[1].Revision);
        Assert.Empty(two.ChangesAfter(changes[1].Revision, Collections, 100));
        Assert.Equal("own", Assert.Single(one.ChangesAfter(before, Collections, 100)).Key);
        Assert.Null(two.Find("a", "k"));
        Assert.DoesNotContain(two.All("a"), entry => entry.Key == "k");
    }

    [Fact]
    public void A_page_of_changes_never_ends_inside_a_commit()
    {
        var database = postgres.Server.NewDatabase();
        using var one = Open(database);
        using var two = Open(database);
        one.Commit([.. Enumerable.Range(0, 10).Select(i => new StateChange("a", $"k{i}", [1]))]);
        one.Put("a", "later", [1]);
        Assert.Equal(10, two.ChangesAfter(0, Collections, 3).Count);
    }

    [Fact]
    public void Who_lost_the_lease_can_write_nothing_more_under_his_epoch()
    {
        var database = postgres.Server.NewDatabase();
        using var one = Open(database);
        using var two = Open(database);
        var first = Meet(one, LeaseWish.Acquire, 0, TimeSpan.Zero);
        Assert.Equal((1, one.Node), (first.Epoch, first.Holder));
        Assert.True(one.Commit([new("a", "k", [1])], 1));
        var second = Meet(two, LeaseWish.Acquire, 1, LongLease);
        Assert.Equal((2, two.Node, false), (second.Epoch, second.Holder, second.IsExpired));

        Assert.False(one.Commit([new("a", "k", [2]), new("a", "new", [2])], 1));
        Assert.False(one.Commit([new("a", "k", [2])], 2));
        Assert.Equal(two.Node, Meet(one, LeaseWish.Renew, 1, LongLease).Holder);
        Assert.Equal([1], one.Find("a", "k")!.Value);
        Assert.Null(one.Find("a", "new"));
        Assert.True(two.Commit([new("a", "k", [3])], 2));
    }

    [Fact]
    public void A_lease_is_taken_once_it_is_over_or_given_back_and_by_one_only()
    {
        var database = postgres.Server.NewDatabase();
        using var one = Open(database);
        using var two = Open(database);
        Assert.True(Meet(two, LeaseWish.Look, 0, LongLease).IsExpired);
        Meet(one, LeaseWish.Acquire, 0, LongLease);
        Assert.Equal(one.Node, Meet(two, LeaseWish.Acquire, 1, LongLease).Holder);
        Assert.Equal(new[] { one.Node, two.Node }.Order(StringComparer.Ordinal), Meet(two, LeaseWish.Look, 0, LongLease).Nodes.Select(node => node.Name));
        Assert.True(Meet(one, LeaseWish.Release, 1, LongLease).IsExpired);
        var taken = Meet(two, LeaseWish.Acquire, 1, LongLease);
        Assert.Equal((2, two.Node), (taken.Epoch, taken.Holder));
        Assert.Equal([two.Node], taken.Nodes.Select(node => node.Name));
        Parallel.For(0, 8, _ => Meet(two, LeaseWish.Renew, 2, LongLease));
        Assert.Equal(2, Meet(two, LeaseWish.Look, 2, LongLease).Epoch);
    }

    [Fact]
    public void Nodes_that_start_at_once_make_the_tables_once()
    {
        var database = postgres.Server.NewDatabase();
        Parallel.For(0, 6, _ =>
        {
            using var store = Open(database);
            store.Put("a", store.Node, [1]);
        });
        using var last = Open(database);
        Assert.Equal(6, last.All("a").Count);
    }

    [Fact]
    public void A_database_that_is_away_is_named_without_its_password_and_is_used_again_when_it_is_back()
    {
        using var server = PostgresServer.Start();
        var database = server.NewDatabase();
        using var store = Open(database);
        store.Put("a", "k", [1]);
        server.Stop();
        var refusal = Assert.Throws<IOException>(() => store.Put("a", "lost", [1]));
        Assert.Contains($"PostgreSQL 127.0.0.1:{server.Port}/state1: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-to-be-shown", refusal.ToString(), StringComparison.Ordinal);
        var start = Assert.Throws<IOException>(() => Open(database));
        Assert.Contains("Connection refused", start.Message, StringComparison.Ordinal);
        server.StartAgain();
        store.Put("a", "again", [1]);
        Assert.Equal(["again", "k"], store.All("a").Select(entry => entry.Key));
        var wrong = Assert.Throws<IOException>(() => Open(database.Replace("not-to-be-shown", "wrong-secret", StringComparison.Ordinal)));
        Assert.Contains("password authentication failed", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", wrong.ToString(), StringComparison.Ordinal);
    }

    private static PostgresStateStore Open(string database) => PostgresStateStore.Open(PostgresAddress.Parse(database), TimeProvider.System);

    private static LeaseReport Meet(PostgresStateStore store, LeaseWish wish, long epoch, TimeSpan timeToLive) =>
        store.Meet(new LeaseRequest("here:1", wish, epoch, timeToLive));
}
