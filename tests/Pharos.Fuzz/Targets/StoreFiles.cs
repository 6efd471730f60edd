using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Fuzz.Targets;

/// <summary>A store whose files are in memory, and the files that such a store writes.</summary>
/// <remarks>Only the lock is on the disk, in a folder of its own that goes with this object.</remarks>
internal sealed class StoreFiles : IDisposable
{
    private const long TimeMs = 1_700_000_000_000;

    private readonly Complaints _complaints = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("pharos-fuzz").FullName;

    public string Segment => Path.Combine(_directory, "wal", WalSegments.SegmentName(1));

    public string Block => Path.Combine(_directory, "blocks", "00000001.block");

    /// <summary>Opens a store on the files, reads all of it, and closes it.</summary>
    /// <returns>How many samples there are, and how many warnings and errors the store logged.</returns>
    public (long Samples, int Complaints) ReadAll(MemoryFileSystem files, bool areSound)
    {
        _complaints.Count = 0;
        var store = Open(files);
        try
        {
            var samples = StoredSamples.ReadAll(store, areSound);
            return (samples, _complaints.Count);
        }
        finally
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>What a store writes that gets samples of every kind.</summary>
    /// <param name="sealedToo">Sealed into a block and kept in a checkpoint, too.</param>
    public MemoryFileSystem Written(bool sealedToo)
    {
        var files = new MemoryFileSystem();
        var store = Open(files);
        try
        {
            Append(store, TimeMs);
            store.Delete([new LabelMatcher(Storage.Model.MatchType.Equal, "__name__", "m1")], TimeMs, TimeMs + 15_000, CancellationToken.None);
            if (sealedToo)
            {
                Append(store, TimeMs + (5 * 3_600_000));
                store.Maintenance!.Run(CancellationToken.None);
            }
        }
        finally
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        return files;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private MetricStore Open(IFileSystem files) => MetricStore.Open(
        new MetricStoreOptions
        {
            Directory = _directory, RetentionTime = TimeSpan.Zero, Fsync = FsyncPolicy.EachCommit, OutOfOrderWindow = TimeSpan.FromMinutes(5),
            WalSegmentBytes = 1 << 20,
        },
        files, TimeProvider.System, _complaints, FuzzMeter.Instance);

    private static void Append(MetricStore store, long startMs)
    {
        store.SetMetadata("m1", new MetricMetadata("counter", "Help.", "seconds"));
        for (var tick = 0; tick < 12; tick++)
        {
            using var appender = store.Appender();
            foreach (var (labels, sample) in SomeSamples.At(startMs + (tick * 15_000L), tick))
            {
                ulong reference = 0;
                if (sample.Histogram is { } histogram)
                {
                    appender.Append(ref reference, labels, sample.TimestampMs, histogram, sample.StartTimeMs);
                }
                else
                {
                    appender.Append(ref reference, labels, sample.TimestampMs, sample.Value, sample.StartTimeMs);
                    appender.AppendExemplar(reference, new Exemplar(LabelSet.From(("trace_id", "t")), 1, sample.TimestampMs));
                }
            }
            appender.Commit();
        }
    }

    private sealed class Complaints : ILogger
    {
        public int Count { get; set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Count += logLevel >= LogLevel.Warning ? 1 : 0;
    }
}
