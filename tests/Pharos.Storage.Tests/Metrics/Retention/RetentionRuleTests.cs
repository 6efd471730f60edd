using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Retention;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics.Retention;

public sealed class RetentionRuleTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private MetricStoreOptions Options => Some.Options(_directory.Path) with { Fsync = Wal.FsyncPolicy.None };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Samples_past_their_rule_are_hidden_at_once_whether_sealed_or_not()
    {
        await using var store = Some.Open(Options);
        Feed(store, "dev", fromHour: 0, toHour: 9);
        Feed(store, "prod", fromHour: 0, toHour: 9);
        store.RunMaintenance();
        var all = store.Dump();
        store.Reconfigure(Options with { RetentionRules = [Rule("dev", hours: 1)] });
        Assert.Equal([.. all.Select(line => line.Contains("dev", StringComparison.Ordinal) ? Since(line, 8 * Some.HourMs) : line)], store.Dump());
        store.Reconfigure(Options with { RetentionRules = [Rule("dev", hours: 5)] });
        Assert.Equal([.. all.Select(line => line.Contains("dev", StringComparison.Ordinal) ? Since(line, 4 * Some.HourMs) : line)], store.Dump());
        store.Reconfigure(Options);
        Assert.Equal(all, store.Dump());
    }

    [Fact]
    public async Task A_series_that_has_nothing_left_in_a_range_is_not_named()
    {
        await using var store = Some.Open(Options with { RetentionRules = [Rule("dev", hours: 3)] });
        Feed(store, "dev", fromHour: 0, toHour: 4);
        Feed(store, "prod", fromHour: 0, toHour: 20);
        using var whole = store.Querier(long.MinValue, long.MaxValue);
        Assert.Equal(["prod"], whole.LabelValues("instance", [], CancellationToken.None));
        Assert.Equal(["__name__", "instance", "job"], whole.LabelNames([], CancellationToken.None));
        Assert.Single(whole.Select([], CancellationToken.None));
        using var early = store.Querier(0, 3 * Some.HourMs);
        Assert.Equal(["prod"], early.LabelValues("instance", [Some.Named("m")], CancellationToken.None));
    }

    [Fact]
    public async Task The_first_rule_that_matches_decides_and_may_keep_longer_than_the_store()
    {
        var options = Options with
        {
            RetentionTime = TimeSpan.FromHours(10),
            RetentionRules = [Rule("dev", hours: 2), new RetentionRule([new(Model.MatchType.Regex, "instance", "dev|slo")], TimeSpan.FromHours(30))],
        };
        await using var store = Some.Open(options);
        foreach (var instance in new[] { "dev", "prod", "slo" })
        {
            Feed(store, instance, fromHour: 0, toHour: 40);
        }
        store.RunMaintenance();
        Assert.Equal([38, 30, 10], FirstHours(store));
        await store.DisposeAsync();
        await using var reopened = Some.Open(options);
        Assert.Equal([38, 30, 10], FirstHours(reopened));
    }

    [Fact]
    public async Task Upkeep_frees_what_is_hidden_and_the_series_leaves_the_blocks()
    {
        await using var store = Some.Open(Options);
        Feed(store, "dev", fromHour: 0, toHour: 20);
        Feed(store, "prod", fromHour: 0, toHour: 20);
        store.RunMaintenance();
        var before = store.View.Blocks.Sum(static block => block.Meta.SampleCount);
        var bytes = store.View.Blocks.Sum(static block => block.SizeBytes);
        store.Reconfigure(Options with { RetentionRules = [Rule("dev", hours: 1)] });
        store.RunMaintenance();
        Assert.Equal(before / 2, store.View.Blocks.Sum(static block => block.Meta.SampleCount));
        Assert.InRange(store.View.Blocks.Sum(static block => block.SizeBytes), 1, bytes - 1);
        Assert.All(store.View.Blocks, static block => Assert.Equal(["prod"], block.LabelValues("instance")));
        Assert.Equal(store.View.Blocks.Length, Directory.GetFiles(_directory.File("blocks")).Length);

        // What was freed stays away when the rule goes.
        store.Reconfigure(Options);
        Assert.Equal([18, 0], FirstHours(store));
    }

    [Fact]
    public async Task A_block_of_which_little_is_hidden_is_left_alone()
    {
        await using var store = Some.Open(Options with { RetentionRules = [Rule("dev", hours: 1)] });
        Feed(store, "dev", fromHour: 0, toHour: 9);
        for (var i = 0; i < 4; i++)
        {
            Feed(store, $"prod{i}", fromHour: 0, toHour: 9);
        }
        store.RunMaintenance();
        store.RunMaintenance();
        Assert.All(store.View.Blocks.Where(static block => block.Meta.Level == 1),
            static block => Assert.Contains("dev", block.LabelValues("instance")));
        Assert.NotEmpty(store.View.Blocks);
    }

    [Fact]
    public async Task A_block_of_which_everything_is_hidden_goes()
    {
        await using var store = Some.Open(Options with { RetentionRules = [new RetentionRule([], TimeSpan.FromHours(1))] });
        Feed(store, "dev", fromHour: 0, toHour: 9);
        store.RunMaintenance();
        Assert.Empty(store.View.Blocks);
        Assert.Empty(Directory.GetFiles(_directory.File("blocks")));
        Assert.Equal([8], FirstHours(store));
    }

    private static RetentionRule Rule(string instance, int hours) =>
        new([new LabelMatcher(Model.MatchType.Equal, "instance", instance)], TimeSpan.FromHours(hours));

    private static long[] FirstHours(MetricStore store) =>
        [.. store.Dump().Select(static line => long.Parse(line.Split("} ")[1].Split(':')[0], System.Globalization.CultureInfo.InvariantCulture) / Some.HourMs)];

    private static string Since(string line, long fromMs)
    {
        var parts = line.Split("} ");
        return $"{parts[0]}}} " + string.Join(' ', parts[1].Split(' ')
            .Where(sample => long.Parse(sample.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture) >= fromMs));
    }

    /// <summary>One sample every minute.</summary>
    private static void Feed(MetricStore store, string instance, int fromHour, int toHour)
    {
        using var appender = store.Appender();
        ulong reference = 0;
        for (var minute = fromHour * 60; minute <= toHour * 60; minute++)
        {
            Assert.Equal(AppendResult.Ok, appender.Append(ref reference, Some.Series("m", instance), minute * Some.MinuteMs, minute));
        }
        appender.Commit();
    }
}
