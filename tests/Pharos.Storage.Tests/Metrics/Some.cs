using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>Builders for the metric store's tests.</summary>
internal static class Some
{
    public const long MinuteMs = 60_000;
    public const long HourMs = 60 * MinuteMs;

    public static LabelSet Series(string name, string instance = "a") =>
        LabelSet.From(("__name__", name), ("instance", instance), ("job", "test"));

    public static LabelMatcher Named(string name) => new(Model.MatchType.Equal, "__name__", name);

    public static MetricStoreOptions Options(string directory) => new()
    {
        Directory = directory,
        RetentionTime = TimeSpan.Zero,
        Fsync = FsyncPolicy.EachCommit,
    };

    public static MetricStore Open(MetricStoreOptions options, IFileSystem? files = null, ILogger? logger = null) =>
        MetricStore.Open(options, files ?? new DiskFileSystem(), TimeProvider.System, logger ?? NullLogger.Instance,
            new Meter("test"));

    public static AppendResult AppendOne(this IMetricStore store, LabelSet labels, long timestampMs, double value)
    {
        using var appender = store.Appender();
        ulong reference = 0;
        var result = appender.Append(ref reference, labels, timestampMs, value);
        appender.Commit();
        return result;
    }

    /// <summary>Everything in a range as text, one line a series: a form that a failed comparison shows well.</summary>
    public static string[] Dump(this IMetricStore store, long minTimeMs = long.MinValue, long maxTimeMs = long.MaxValue,
        params LabelMatcher[] matchers)
    {
        using var querier = store.Querier(minTimeMs, maxTimeMs);
        var lines = new List<string>();
        var samples = new SampleBuffer();
        foreach (var series in querier.Select(matchers, CancellationToken.None))
        {
            samples.Clear();
            series.Read(minTimeMs, maxTimeMs, samples);
            if (samples.Count > 0)
            {
                lines.Add(Line(series.Labels, samples.Timestamps.ToArray().Zip(samples.Values.ToArray())));
            }
        }
        return [.. lines];
    }

    public static string Line(LabelSet labels, IEnumerable<(long TimestampMs, double Value)> samples) => $"{labels} " +
        string.Join(' ', samples.Select(sample => $"{sample.TimestampMs}:{BitConverter.DoubleToInt64Bits(sample.Value):x}"));
}
