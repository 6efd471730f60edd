using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Brings samples of any age into a store as sealed blocks, past its log and its order.</summary>
/// <remarks>Not thread-safe. Series come in any order and any number of times; up to <see cref="MaxBufferedSamples"/> samples are
/// held in memory, what is beyond goes to blocks on disk. All of it becomes visible with <see cref="Finish"/>; where samples
/// overlap with what is there, readers see them merged, and the store's upkeep merges the blocks. Samples that are older than
/// the store's retention go with its next upkeep.</remarks>
public sealed class BackfillBlockWriter : IDisposable
{
    public const int MaxBufferedSamples = 4_000_000;

    private readonly MetricStore _store;
    private readonly bool _ownsStore;
    private readonly SortedDictionary<LabelSet, SampleBuffer> _series = [];
    private readonly HashSet<LabelSet> _seen = [];
    private readonly List<MetricBlock> _blocks = [];
    private int _buffered;
    private long _sampleCount;

    private BackfillBlockWriter(MetricStore store, bool ownsStore)
    {
        _store = store;
        _ownsStore = ownsStore;
    }

    /// <summary>For a store that is open, and goes on meanwhile.</summary>
    /// <exception cref="NotSupportedException">The store lives in memory.</exception>
    public static BackfillBlockWriter Open(MetricStore store)
    {
        if (store.Maintenance is null)
        {
            throw new NotSupportedException("a store in memory takes no blocks");
        }
        return new BackfillBlockWriter(store, ownsStore: false);
    }

    /// <summary>For the folder of a store that nobody has open; made where it is missing.</summary>
    /// <exception cref="IOException">Another process has it open.</exception>
    public static BackfillBlockWriter Open(string directory)
    {
        var options = new MetricStoreOptions { Directory = directory, RetentionTime = TimeSpan.Zero };
        var store = MetricStore.Open(options, new DiskFileSystem(), TimeProvider.System, NullLogger.Instance,
            new Meter("pharos.storage.backfill"));
        return new BackfillBlockWriter(store, ownsStore: true);
    }

    /// <summary>Adds samples of one series, in any order; they are copied. Of two with the same time the later added stays.</summary>
    public void Add(LabelSet labels, SampleBuffer samples)
    {
        if (!_series.TryGetValue(labels, out var known))
        {
            _series.Add(labels, known = new SampleBuffer());
            _seen.Add(labels);
        }
        for (var i = 0; i < samples.Count; i++)
        {
            var sample = samples.SampleAt(i);
            known.Add(sample.TimestampMs, sample.Value, sample.Histogram, sample.StartTimeMs);
            if (++_buffered == MaxBufferedSamples)
            {
                Flush();
                _series.Add(labels, known = new SampleBuffer());
            }
        }
    }

    /// <summary>Makes everything visible and answers what it is.</summary>
    public BackfillSummary Finish()
    {
        Flush();
        _store.Maintenance!.Publish(_blocks);
        var summary = new BackfillSummary(_blocks.Count, _seen.Count, _sampleCount,
            _blocks.Count == 0 ? long.MaxValue : _blocks.Min(static block => block.Meta.MinTimeMs),
            _blocks.Count == 0 ? long.MinValue : _blocks.Max(static block => block.Meta.MaxTimeMs) - 1);
        _blocks.Clear();
        return summary;
    }

    /// <summary>Removes what was not finished.</summary>
    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            _store.Maintenance!.Discard(block);
        }
        _blocks.Clear();
        if (_ownsStore)
        {
            _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void Flush()
    {
        var windowMs = _store.Maintenance!.LongestWindowMs;
        var windows = new SortedDictionary<long, List<SampleRun>>();
        foreach (var (labels, samples) in _series)
        {
            SampleOrder.Restore(samples, 0);
            foreach (var run in SampleRun.Split(labels, samples, windowMs))
            {
                var start = TimeWindow.Start(run.MinTimeMs, windowMs);
                if (!windows.TryGetValue(start, out var runs))
                {
                    windows.Add(start, runs = []);
                }
                runs.Add(run);
            }
        }
        foreach (var runs in windows.Values)
        {
            _blocks.Add(_store.Maintenance.WriteLoose(runs));
            _sampleCount += runs.Sum(static run => (long)run.Count);
        }
        _series.Clear();
        _buffered = 0;
    }
}
