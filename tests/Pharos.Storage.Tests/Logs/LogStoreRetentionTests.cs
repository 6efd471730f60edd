using Pharos.Storage.Logs;

namespace Pharos.Storage.Tests.Logs;

public sealed class LogStoreRetentionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Days_past_the_retention_time_are_removed_with_their_files()
    {
        var store = Filled(Make.Options(_directory.Path) with { RetentionTime = TimeSpan.FromDays(2.5) });
        store.RunMaintenance();
        Assert.Equal(3, store.View.Parts.Length);
        Assert.Equal(3, Directory.GetFiles(_directory.File("parts")).Length);
        Assert.Equal(6, store.Dump().Length);
        store.Close();
    }

    [Fact]
    public void The_rule_with_the_highest_priority_decides_and_of_equal_ones_the_shortest()
    {
        static LogRetentionRule Rule(int priority, double days, string app) => new(null, [Make.Equal("app", app)], priority, TimeSpan.FromDays(days));
        var options = Make.Options(_directory.Path) with
        {
            RetentionTime = TimeSpan.FromDays(30),
            RetentionRules = [Rule(1, 1.5, "short"), Rule(1, 9, "short"), Rule(2, 3.5, "long"), Rule(1, 1.5, "long")],
        };
        var store = Filled(options);
        store.RunMaintenance();
        var left = store.Dump();
        Assert.Equal(2, left.Count(static line => line.Contains("short", StringComparison.Ordinal)));
        Assert.Equal(4, left.Count(static line => line.Contains("long", StringComparison.Ordinal)));
        store.Close();
    }

    [Fact]
    public void The_oldest_days_go_while_the_store_is_too_large()
    {
        var store = Filled(Make.Options(_directory.Path));
        var size = store.View.Parts.Sum(static part => part.SizeBytes);
        store.Close();
        store = Make.Open(Make.Options(_directory.Path) with { RetentionBytes = size / 2 }, time: _time);
        store.RunMaintenance();
        Assert.InRange(store.View.Parts.Sum(static part => part.SizeBytes), 1, size / 2);
        Assert.Contains(store.Dump(), static line => line.Contains($" {Make.TimeNs + (5 * Make.DayNs)} ", StringComparison.Ordinal));
        store.Close();
    }

    [Fact]
    public void A_clock_that_jumps_ahead_removes_nothing()
    {
        var store = Filled(Make.Options(_directory.Path) with { RetentionTime = TimeSpan.FromDays(30) });
        var before = store.Dump();
        _time.Now = _time.Now.AddYears(50);
        store.RunMaintenance();
        Assert.Equal(before, store.Dump());
        _time.Now = _time.Now.AddYears(-90);
        store.RunMaintenance();
        Assert.Equal(before, store.Dump());
        store.Close();
    }

    [Fact]
    public void What_is_deleted_is_hidden_at_once_and_frees_its_space_with_the_next_upkeep()
    {
        var store = Filled(Make.Options(_directory.Path));
        var size = store.View.Parts.Sum(static part => part.SizeBytes);
        store.Delete(new LogDeletion("1", Make.Tenant, [Make.Equal("app", "short")], long.MinValue, long.MaxValue, ""));
        Assert.DoesNotContain(store.Dump(), static line => line.Contains("short", StringComparison.Ordinal));
        store.Close();
        store = Make.Open(Make.Options(_directory.Path), time: _time);
        Assert.DoesNotContain(store.Dump(), static line => line.Contains("short", StringComparison.Ordinal));
        store.Append(Make.Labels("short"), Make.TimeNs, "after the deletion");
        Assert.Single(store.Dump(), static line => line.Contains("short", StringComparison.Ordinal));
        store.RunMaintenance();
        Assert.Empty(store.View.Deletions);
        Assert.InRange(store.View.Parts.Sum(static part => part.SizeBytes), 1, size * 2 / 3);
        Assert.Single(store.Dump(), static line => line.Contains("short", StringComparison.Ordinal));
        Assert.Equal(6, store.Dump().Count(static line => line.Contains("long", StringComparison.Ordinal)));
        store.Close();
    }

    [Fact]
    public void A_deletion_whose_filter_cannot_be_read_deletes_nothing()
    {
        var store = Filled(Make.Options(_directory.Path));
        store.Delete(new LogDeletion("1", Make.Tenant, [Make.Equal("app", "short")], long.MinValue, long.MaxValue, "nonsense"));
        store.RunMaintenance();
        Assert.Equal(12, store.Dump().Length);
        store.Close();
    }

    /// <summary>Two streams with a long line a day each, for six days up to now.</summary>
    private LogStore Filled(LogStoreOptions options)
    {
        var store = Make.Open(options, time: _time);
        var random = new Random(3);
        for (var day = 0; day < 6; day++)
        {
            foreach (var app in (string[])["short", "long"])
            {
                var text = new byte[4000];
                random.NextBytes(text);
                store.Append(Make.Labels(app), Make.TimeNs + (day * Make.DayNs), Convert.ToBase64String(text));
            }
        }
        _time.Now = DateTimeOffset.UnixEpoch.AddDays(20_005).AddHours(1);
        store.Flush(CancellationToken.None);
        return store;
    }
}
