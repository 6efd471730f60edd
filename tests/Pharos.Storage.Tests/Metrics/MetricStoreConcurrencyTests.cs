using System.Collections.Concurrent;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>Appenders, readers and the upkeep that drops samples and series, all at once.</summary>
public sealed class MetricStoreConcurrencyTests : IDisposable
{
    private const int Groups = 3;
    private const int SeriesPerGroup = 40;
    private const int Rounds = 700;

    /// <summary>After so many rounds a group goes on with other series, and the slots of the old ones serve again.</summary>
    private const int RoundsPerGeneration = 40;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Views_see_whole_commits_and_nothing_that_was_not_appended()
    {
        var options = Some.Options(_directory.Path) with
        {
            Fsync = Wal.FsyncPolicy.None,
            BlockDuration = TimeSpan.FromMinutes(20),
            CheckpointBytes = 100_000,
        };
        await using var store = Some.Open(options);
        var faults = new ConcurrentBag<string>();
        using var done = new CancellationTokenSource();
        using var together = new Barrier(Groups);
        var writers = Enumerable.Range(0, Groups).Select(group => Task.Run(() => Write(store, group, together))).ToArray();
        var readers = Enumerable.Range(0, 2).Select(seed => Task.Run(() => Read(store, new Random(seed), faults, done.Token))).ToArray();
        var upkeep = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                store.RunMaintenance();
            }
        });
        await Task.WhenAll(writers);
        await done.CancelAsync();
        await Task.WhenAll([.. readers, upkeep]);
        Assert.Empty(faults.Take(3));

        store.RunMaintenance();
        for (var group = 0; group < Groups; group++)
        {
            var lines = store.Dump(matchers: new LabelMatcher(MatchType.Equal, "group", $"{group}"));
            Assert.Equal(SeriesPerGroup * Rounds, lines.Sum(line => line.Split(' ').Count(word => char.IsAsciiDigit(word[0]))));
        }
        Assert.InRange(store.Head.SeriesCount, Groups * SeriesPerGroup, Groups * SeriesPerGroup * 4);
    }

    private static LabelSet Labels(int group, int generation, int number) => LabelSet.From(
        ("__name__", "m"), ("group", $"{group}"), ("generation", $"{generation}"), ("number", $"{number}"));

    private static double ValueOf(int group, int number, int round) => (round * 1000) + (group * 100) + number + 0.25;

    private static void Write(MetricStore store, int group, Barrier together)
    {
        var references = new ulong[SeriesPerGroup];
        for (var round = 0; round < Rounds; round++)
        {
            if (round % RoundsPerGeneration == 0)
            {
                Array.Clear(references);
            }

            // No group is so far behind that its samples would be of a sealed window.
            together.SignalAndWait();
            using var appender = store.Appender();
            for (var number = 0; number < SeriesPerGroup; number++)
            {
                Assert.Equal(AppendResult.Ok, appender.Append(ref references[number], Labels(group, round / RoundsPerGeneration, number),
                    round * Some.MinuteMs, ValueOf(group, number, round)));
            }
            appender.Commit();
        }
    }

    private static void Read(MetricStore store, Random random, ConcurrentBag<string> faults, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var group = random.Next(Groups);
            var fromMs = random.Next(Rounds) * Some.MinuteMs;
            using var querier = store.Querier(fromMs, long.MaxValue);
            long[]? first = null;
            foreach (var byNumber in querier.Select([new LabelMatcher(MatchType.Equal, "group", $"{group}")], CancellationToken.None)
                .GroupBy(series => int.Parse(series.Labels["number"], System.Globalization.CultureInfo.InvariantCulture)))
            {
                var samples = new SampleBuffer();
                foreach (var series in byNumber)
                {
                    series.Read(fromMs, long.MaxValue, samples);
                    if (series.TryNewest(out var newestMs, out var newest) && newestMs >= fromMs
                        && (newestMs != samples.Timestamps[^1] || newest != samples.Values[^1]))
                    {
                        faults.Add($"group {group} number {byNumber.Key} has {newest} at {newestMs} as its newest, and reads {samples.Values[^1]}");
                    }
                }
                samples.SortByTime();
                for (var i = 0; i < samples.Count; i++)
                {
                    var round = (int)(samples.Timestamps[i] / Some.MinuteMs);
                    if (samples.Values[i] != ValueOf(group, byNumber.Key, round))
                    {
                        faults.Add($"group {group} number {byNumber.Key} has {samples.Values[i]} in round {round}");
                    }
                }
                var times = samples.Timestamps.ToArray();
                first ??= times;
                if (!times.SequenceEqual(first))
                {
                    faults.Add($"group {group} number {byNumber.Key} has {times.Length} samples, another {first.Length}");
                }
            }
            if (first is not null && !first.SequenceEqual(Enumerable.Range((int)(fromMs / Some.MinuteMs), first.Length).Select(
                round => round * Some.MinuteMs)))
            {
                faults.Add($"group {group} has a gap from {fromMs} on");
            }
        }
    }
}
