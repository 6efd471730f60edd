using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary>Adds samples to a store's folder: as sealed blocks where they are older than all that its head holds, and through
/// the head where they are not.</summary>
internal sealed class StoreImport : IAsyncDisposable
{
    private static readonly long WindowMs = (long)TimeSpan.FromHours(2).TotalMilliseconds;

    private readonly string _directory;
    private readonly TextWriter _progress;
    private readonly long _headFromMs;
    private readonly Meter _meter = new("pharos.tools");
    private readonly List<(LabelSet Labels, SampleBuffer Samples)> _recent = [];
    private readonly List<ExemplarSeries> _exemplars = [];
    private readonly Dictionary<string, MetricMetadata> _metadata = new(StringComparer.Ordinal);
    private StoreBackfill? _backfill;
    private long _samples;

    private StoreImport(string directory, long headFromMs, TextWriter progress)
    {
        _directory = directory;
        _headFromMs = headFromMs;
        _progress = progress;
        _backfill = StoreBackfill.Open(directory, NullLogger.Instance);
    }

    /// <summary>Samples that the store would not take: it has newer ones of their series.</summary>
    public long RefusedCount { get; private set; }

    /// <exception cref="IOException">A server has the store open, or the folder cannot be used.</exception>
    public static async Task<StoreImport> OpenAsync(string directory, TextWriter progress)
    {
        var headFromMs = long.MaxValue;
        if (Directory.Exists(directory))
        {
            using var meter = new Meter("pharos.tools");
            await using var store = OpenStore(directory, meter);
            headFromMs = store.Status(0).MinTimeMs;
        }
        return new StoreImport(directory, headFromMs, progress);
    }

    public void Add(PrometheusFolder folder, IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors,
        (long MinTimeMs, long MaxTimeMs) range, CancellationToken cancellation)
    {
        foreach (var (family, metadata) in folder.Metadata)
        {
            _metadata[family] = metadata;
        }
        _exemplars.AddRange(folder.Exemplars());
        if (folder.TimeRange is not { } extent)
        {
            return;
        }
        foreach (var (from, to) in Windows((Math.Max(range.MinTimeMs, extent.MinTimeMs), Math.Min(range.MaxTimeMs, extent.MaxTimeMs))))
        {
            using var querier = folder.Querier(from, to);
            Window(from, to, TsdbSource.Select(querier, selectors, cancellation).Select(series =>
            {
                cancellation.ThrowIfCancellationRequested();
                var samples = new SampleBuffer();
                series.Read(from, to, samples);
                return (series.Labels, samples);
            }));
        }
    }

    public void Add(Dictionary<LabelSet, SampleBuffer> series, IReadOnlyDictionary<string, MetricMetadata> metadata,
        (long MinTimeMs, long MaxTimeMs) range, CancellationToken cancellation)
    {
        foreach (var (family, known) in metadata)
        {
            _metadata[family] = known;
        }
        var times = new SortedSet<long>();
        foreach (var samples in series.Values)
        {
            foreach (var timestampMs in samples.Timestamps)
            {
                times.Add(BlockExport.WindowStart(timestampMs));
            }
        }
        foreach (var start in times)
        {
            cancellation.ThrowIfCancellationRequested();
            var (from, to) = (Math.Max(start, range.MinTimeMs), Math.Min(start + WindowMs - 1, range.MaxTimeMs));
            Window(from, to, series.OrderBy(static pair => pair.Key).Select(pair => (pair.Key, Part(pair.Value, from, to))));
        }
    }

    /// <summary>Writes what had to wait for the blocks, and says what was done.</summary>
    public async Task CompleteAsync()
    {
        _backfill?.Dispose();
        _backfill = null;
        if (_recent.Count + _exemplars.Count + _metadata.Count > 0)
        {
            await using var store = OpenStore(_directory, _meter);
            foreach (var (family, metadata) in _metadata)
            {
                store.SetMetadata(family, metadata);
            }
            Append(store);
        }
        var refused = RefusedCount > 0 ? string.Create(CultureInfo.InvariantCulture,
            $"; {RefusedCount} samples were refused, because the store has newer ones of their series") : "";
        await _progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"imported {_samples} samples into {_directory}{refused}"));
    }

    public ValueTask DisposeAsync()
    {
        _backfill?.Dispose();
        _meter.Dispose();
        return ValueTask.CompletedTask;
    }

    private static MetricStore OpenStore(string directory, Meter meter) => MetricStore.OpenWithoutUpkeep(
        new MetricStoreOptions { Directory = directory, RetentionTime = TimeSpan.Zero }, TimeProvider.System, NullLogger.Instance, meter);

    private static IEnumerable<(long MinTimeMs, long MaxTimeMs)> Windows((long MinTimeMs, long MaxTimeMs) range) =>
        BlockExport.Windows(range.MinTimeMs, range.MaxTimeMs);

    private static SampleBuffer Part(SampleBuffer samples, long from, long to)
    {
        var part = new SampleBuffer();
        for (var i = 0; i < samples.Count; i++)
        {
            if (samples.Timestamps[i] >= from && samples.Timestamps[i] <= to)
            {
                samples.CopyTo(part, i);
            }
        }
        return part;
    }

    private void Window(long from, long to, IEnumerable<(LabelSet Labels, SampleBuffer Samples)> series)
    {
        var end = BlockExport.WindowStart(to) + WindowMs;
        if (end > _headFromMs)
        {
            _recent.AddRange(series.Where(static one => one.Samples.Count > 0));
            return;
        }
        var count = _backfill!.WriteBlock(BlockExport.WindowStart(from), end, series);
        if (count > 0)
        {
            _samples += count;
            _progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{DateTimeOffset.FromUnixTimeMilliseconds(from):yyyy-MM-dd HH:mm} UTC: {count} samples"));
        }
    }

    private void Append(MetricStore store)
    {
        foreach (var (labels, samples) in _recent)
        {
            using var appender = store.Appender();
            ulong reference = 0;
            for (var i = 0; i < samples.Count; i++)
            {
                var startMs = samples.StartTimes.IsEmpty ? 0 : samples.StartTimes[i];
                var result = !samples.Histograms.IsEmpty && samples.Histograms[i] is { } histogram
                    ? appender.Append(ref reference, labels, samples.Timestamps[i], histogram, startMs)
                    : appender.Append(ref reference, labels, samples.Timestamps[i], samples.Values[i], startMs);
                _samples += result is AppendResult.Ok or AppendResult.SameAsStored ? 1 : 0;
                RefusedCount += result is AppendResult.Ok or AppendResult.SameAsStored ? 0 : 1;
            }
            appender.Commit();
        }
    }
}
