using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Benchmarks;

/// <summary>Appends a scrape to a store on disk: what <see cref="MetricStoreBenchmarks"/> does, and the record of the log.</summary>
[MemoryDiagnoser]
public class DiskAppendBenchmarks
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-benchmark-").FullName;
    private MetricStore _store = null!;
    private LabelSet[] _labels = [];
    private ulong[] _references = [];
    private long _nowMs;

    /// <summary>Series.</summary>
    [Params(1_000)]
    public int Scale { get; set; }

    [GlobalSetup]
    public void Open()
    {
        var options = new MetricStoreOptions { Directory = _folder, RetentionTime = TimeSpan.Zero, Fsync = FsyncPolicy.None };
        _store = MetricStore.OpenWithoutUpkeep(options, TimeProvider.System, NullLogger.Instance, new Meter("benchmark"));
        _references = new ulong[Scale];
        _labels = [.. Enumerable.Range(0, Scale).Select(static i => LabelSet.From((Label.MetricName, "m"), ("i", $"{i}")))];
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public void AppendScrape()
    {
        _nowMs += 15_000;
        using var appender = _store.Appender();
        for (var i = 0; i < _labels.Length; i++)
        {
            appender.Append(ref _references[i], _labels[i], _nowMs, (_nowMs / 1000) + i);
        }
        appender.Commit();
    }
}
