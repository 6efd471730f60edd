using System.Globalization;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Downsampling;

/// <summary>All reduced samples of a store: a level for each rule, the finest first.</summary>
/// <remarks><see cref="All"/> may be asked by any thread; all else belongs to whoever runs maintenance.</remarks>
internal sealed class DownsampledLevels(IFileSystem files, string directory, StoreChanges changes, MetricStoreInstruments instruments, ILogger logger)
    : IDisposable
{
    private volatile IReadOnlyList<DownsampledLevel> _all = [];

    public IReadOnlyList<DownsampledLevel> All => _all;

    /// <summary>In the folder of a level that has no rule: nobody looks after it.</summary>
    private const string StaleFile = "stale";

    /// <summary>Makes these the rules. What others have made stays on disk; when a rule of its interval comes back it serves again, as far
    /// as it cannot be made anew.</summary>
    /// <param name="areStale">As for <see cref="DownsampledLevel"/>.</param>
    public void Apply(IReadOnlyList<DownsamplingRule> rules, bool areStale)
    {
        var older = _all.ToDictionary(static level => level.IntervalMs);
        var next = new List<DownsampledLevel>();
        foreach (var rule in rules.OrderBy(static rule => rule.Interval))
        {
            var intervalMs = (long)rule.Interval.TotalMilliseconds;
            if (older.Remove(intervalMs, out var known))
            {
                known.Rule = rule;
                next.Add(known);
                continue;
            }
            var folder = Path.Combine(directory, NameOf(intervalMs));
            var marker = Path.Combine(folder, StaleFile);
            var wasLeft = files.Exists(marker);
            next.Add(new DownsampledLevel(files, folder, rule, changes, areStale || wasLeft, instruments, logger));
            if (wasLeft)
            {
                files.Delete(marker);
            }
        }
        _all = next;
        foreach (var gone in older.Values)
        {
            gone.Dispose();
        }
        foreach (var folder in Directory.Exists(directory) ? Directory.GetDirectories(directory) : [])
        {
            if (!next.Exists(level => Path.GetFileName(folder) == NameOf(level.IntervalMs)))
            {
                files.Create(Path.Combine(folder, StaleFile)).Dispose();
            }
        }
    }

    /// <param name="keep">For rules that do not say how long; zero for ever.</param>
    public void Run(Func<long, long, IMetricQuerier> open, long oldestMs, long wholeFromMs, long newestMs, TimeSpan keep,
        CancellationToken cancellation)
    {
        foreach (var level in _all)
        {
            level.Build(open, oldestMs, wholeFromMs, newestMs, cancellation);
            if ((level.Rule.Keep ?? keep) is var time && time > TimeSpan.Zero)
            {
                level.RemoveBefore(newestMs - (long)time.TotalMilliseconds);
            }
        }
    }

    /// <summary>Samples of a range, both ends inclusive, are about to come.</summary>
    public void Forget(long minTimeMs, long maxTimeMs, long wholeFromMs)
    {
        foreach (var level in _all)
        {
            level.Forget(minTimeMs, maxTimeMs, wholeFromMs);
        }
    }

    /// <summary>Samples of a range, both ends inclusive, are about to go.</summary>
    public void Delete(
        IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs, long wholeFromMs, CancellationToken cancellation)
    {
        foreach (var level in _all)
        {
            level.Forget(minTimeMs, maxTimeMs, wholeFromMs);
            level.Delete(matchers, minTimeMs, maxTimeMs, cancellation);
        }
    }

    public void Dispose()
    {
        foreach (var level in _all)
        {
            level.Dispose();
        }
    }

    private static string NameOf(long intervalMs) => intervalMs.ToString(CultureInfo.InvariantCulture);
}
