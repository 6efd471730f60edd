using System.Diagnostics.Metrics;
using System.Globalization;
using Pharos.Cli.Logging;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary>Adds samples, exemplars and metadata to the folder of a store that no server has open.</summary>
/// <remarks>All of it becomes visible with <see cref="Complete"/>, or nothing: an import that fails leaves the store as it was.
/// What the store has already is not stored again.</remarks>
internal sealed class StoreImport : IAsyncDisposable
{
    /// <summary>What a server keeps unless it is told otherwise.</summary>
    private static readonly TimeSpan UsualRetention = TimeSpan.FromDays(15);

    private readonly TextWriter _progress;
    private readonly Meter _meter = new("pharos.tools");
    private readonly MetricStore _store;
    private readonly BackfillBlockWriter _writer;
    private readonly Dictionary<LabelSet, ExemplarSeries> _exemplars = [];
    private readonly Dictionary<LabelSet, SampleBuffer> _last = [];
    private long _knownCount;

    /// <exception cref="IOException">A server has the store open, or the folder cannot be used.</exception>
    public StoreImport(string directory, TextWriter progress)
    {
        _progress = progress;
        var options = new MetricStoreOptions { Directory = directory, RetentionTime = TimeSpan.Zero };
        Directory.CreateDirectory(directory);
        _store = MetricStore.OpenWithoutUpkeep(options, TimeProvider.System, ToolLogger.Instance, _meter);
        _writer = BackfillBlockWriter.Open(_store);
    }

    public void Add(PrometheusFolder folder, IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors,
        (long MinTimeMs, long MaxTimeMs) range, CancellationToken cancellation)
    {
        SetMetadata(folder.Metadata);
        foreach (var series in folder.Exemplars())
        {
            _exemplars[series.Labels] = series;
        }
        if (folder.TimeRange is not { } extent)
        {
            return;
        }
        var samples = new SampleBuffer();
        var (first, last) = (Math.Max(range.MinTimeMs, extent.MinTimeMs), Math.Min(range.MaxTimeMs, extent.MaxTimeMs));
        foreach (var (from, to) in BlockExport.Windows(first, last))
        {
            using var querier = folder.Querier(from, to);
            using var known = new KnownSamples(_store, from, to, cancellation);
            long count = 0;
            foreach (var series in TsdbSource.Select(querier, selectors, cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                samples.Clear();
                series.Read(from, to, samples);
                count += samples.Count;
                Add(series.Labels, samples, known);
            }
            if (count > 0)
            {
                _progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{DateTimeOffset.FromUnixTimeMilliseconds(from):yyyy-MM-dd HH:mm} UTC: {count} samples"));
            }
        }
    }

    public void Add(Dictionary<LabelSet, SampleBuffer> series, IReadOnlyDictionary<string, MetricMetadata> metadata,
        (long MinTimeMs, long MaxTimeMs) range)
    {
        SetMetadata(metadata);
        var part = new SampleBuffer();
        using var known = new KnownSamples(_store, range.MinTimeMs, range.MaxTimeMs, CancellationToken.None);
        foreach (var (labels, samples) in series)
        {
            part.Clear();
            for (var i = 0; i < samples.Count; i++)
            {
                if (samples.Timestamps[i] >= range.MinTimeMs && samples.Timestamps[i] <= range.MaxTimeMs)
                {
                    samples.CopyTo(part, i);
                }
            }
            Add(labels, part, known);
        }
    }

    /// <summary>Makes everything visible, and says what was done.</summary>
    public void Complete()
    {
        var summary = _writer.Finish();
        AppendExemplars();
        var known = _knownCount > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {_knownCount} were there already") : "";
        _progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"imported {summary.SampleCount} samples of {summary.SeriesCount} series{known}"));
        if (summary.SampleCount > 0 && summary.MaxTimeMs - summary.MinTimeMs > UsualRetention.TotalMilliseconds)
        {
            _progress.WriteLine($"some are older than the {UsualRetention.TotalDays} days that a server keeps by default: "
                + "start it with --storage.tsdb.retention.time, or they are removed");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _writer.Dispose();
        await _store.DisposeAsync();
        _meter.Dispose();
    }

    private void Add(LabelSet labels, SampleBuffer samples, KnownSamples known)
    {
        if (samples.Count == 0)
        {
            return;
        }
        var unknown = known.Remove(labels, samples);
        _knownCount += samples.Count - unknown.Count;
        if (unknown.Count > 0)
        {
            _writer.Add(labels, unknown);
        }
        if (_exemplars.ContainsKey(labels))
        {
            var last = new SampleBuffer(1);
            samples.CopyTo(last, samples.Count - 1);
            _last[labels] = last;
        }
    }

    private void SetMetadata(IReadOnlyDictionary<string, MetricMetadata> metadata)
    {
        foreach (var (family, known) in metadata)
        {
            _store.SetMetadata(family, known);
        }
    }

    /// <summary>An exemplar goes to a series that the head knows: its last sample is put there again, which changes nothing.</summary>
    private void AppendExemplars()
    {
        using var appender = _store.Appender();
        foreach (var (labels, last) in _last)
        {
            ulong reference = 0;
            var result = !last.Histograms.IsEmpty && last.Histograms[0] is { } histogram
                ? appender.Append(ref reference, labels, last.Timestamps[0], histogram)
                : appender.Append(ref reference, labels, last.Timestamps[0], last.Values[0]);
            if (result is AppendResult.Ok or AppendResult.SameAsStored)
            {
                foreach (var exemplar in _exemplars[labels].Exemplars)
                {
                    appender.AppendExemplar(reference, exemplar);
                }
            }
        }
        appender.Commit();
    }
}
