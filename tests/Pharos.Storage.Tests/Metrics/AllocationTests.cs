using System.Diagnostics;
using System.Reflection;
using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>The paths that every sample takes make no garbage. Bytes are counted, never times.</summary>
public sealed class AllocationTests : IDisposable
{
    private const int SeriesCount = 500;
    private const int Rounds = 250;
    private const int Measurements = 4;

    private static readonly bool IsDebug =
        typeof(MetricStore).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Appending_by_reference_leaves_only_what_is_kept()
    {
        await using var store = Some.Open(Some.Options(_directory.Path) with { Fsync = Wal.FsyncPolicy.None });
        var labels = Enumerable.Range(0, SeriesCount).Select(static i => Some.Series("m", $"{i}")).ToArray();
        var references = new ulong[SeriesCount];
        var timeMs = 0L;
        void Append()
        {
            using var appender = store.Appender();
            timeMs += 15_000;
            for (var i = 0; i < SeriesCount; i++)
            {
                appender.Append(ref references[i], labels[i], timeMs, timeMs + i);
            }
            appender.Commit();
        }
        Assert.InRange(BytesPerRound(Append) / SeriesCount, 0, 6);
    }

    [Fact]
    public void Packing_and_unpacking_a_chunk_allocate_next_to_nothing()
    {
        var times = Enumerable.Range(0, 240).Select(static i => i * 15_000L).ToArray();
        var values = times.Select(static time => time / 100.0).ToArray();
        var writer = new ByteWriter(4096);
        VectorChunk.Write(times, values, writer);
        var chunk = writer.Written.ToArray();
        var buffer = new SampleBuffer();
        Assert.InRange(BytesPerRound(() =>
        {
            buffer.Clear();
            ChunkReader.ReadRange(ChunkKind.Vector, chunk, times.Length, 0, long.MaxValue, buffer);
        }) / times.Length, 0, 0.5);
        Assert.Equal(values, buffer.Values.ToArray());
        Assert.InRange(BytesPerRound(() =>
        {
            writer.Clear();
            VectorChunk.Write(times, values, writer);
        }) / times.Length, 0, 2);
    }

    [Fact]
    public async Task Reading_series_into_a_buffer_allocates_little_per_sample()
    {
        await using var store = MetricStore.OpenInMemory();
        using (var appender = store.Appender())
        {
            ulong reference = 0;
            for (var i = 0; i < 10_000; i++)
            {
                appender.Append(ref reference, Some.Series("m"), i * 15_000L, i);
            }
            appender.Commit();
        }
        using var querier = store.Querier(0, long.MaxValue);
        var series = Assert.Single(querier.Select([Some.Named("m")], CancellationToken.None));
        var buffer = new SampleBuffer();
        Assert.InRange(BytesPerRound(() =>
        {
            buffer.Clear();
            series.Read(0, long.MaxValue, buffer);
        }) / 10_000, 0, 1);
        Assert.Equal(10_000, buffer.Count);
    }

    /// <summary>What a round allocates on this thread, once everything is warm: the least of some measurements, for code is optimised
    /// only after a while.</summary>
    private static double BytesPerRound(Action action)
    {
        Assert.SkipWhen(IsDebug, "allocations are counted where the code is optimised");
        var least = double.PositiveInfinity;
        for (var measurement = 0; measurement < Measurements; measurement++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Rounds; i++)
            {
                action();
            }
            least = Math.Min(least, (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Rounds);
        }
        return least;
    }
}
