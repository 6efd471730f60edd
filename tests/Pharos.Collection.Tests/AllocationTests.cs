using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text;
using Pharos.Collection.Exposition;
using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Collection.Tests.Protobuf;
using Pharos.Storage.Metrics;
using Snappier;

namespace Pharos.Collection.Tests;

/// <summary>The paths that every sample takes make no garbage. Bytes are counted, never times.</summary>
public sealed class AllocationTests
{
    private const int SeriesCount = 4000;
    private const int Rounds = 30;
    private const int Measurements = 6;

    private static readonly bool IsDebug =
        typeof(ExpositionParser).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true;

    [Fact]
    public void Parsing_an_exposition_allocates_nothing_per_sample()
    {
        var text = new StringBuilder("# HELP requests_total Requests.\n# TYPE requests_total counter\n");
        for (var i = 0; i < SeriesCount; i++)
        {
            text.Append($"requests_total{{method=\"GET\",route=\"/api/{i % 50}\",shard=\"{i}\"}} {i * 1.5}\n");
        }
        var body = Encoding.UTF8.GetBytes(text.ToString());
        var samples = 0;
        var bytes = BytesPerRound(_ =>
        {
            var parser = new ExpositionParser(body, ExpositionFormat.PrometheusText);
            while (parser.Next() is var entry && entry is not (ExpositionEntry.End or ExpositionEntry.Fault))
            {
                samples += entry == ExpositionEntry.Series ? 1 : 0;
            }
        });
        Assert.Equal(Measurements * Rounds * SeriesCount, samples);
        Assert.InRange(bytes / SeriesCount, 0, 4);
    }

    [Fact]
    public async Task Remote_write_of_known_series_leaves_only_what_is_kept()
    {
        using var meter = new Meter("test");
        await using var store = MetricStore.OpenInMemory(meter);
        var receiver = new RemoteWriteReceiver(store, TimeProvider.System, meter);
        var bodies = Enumerable.Range(0, Measurements * Rounds).Select(Body).ToArray();
        var bytes = BytesPerRound(round =>
        {
            using var request = RemoteWriteReceiver.Unpack(bodies[round], out var _);
            Assert.Equal(SeriesCount, receiver.Receive(request!.Span, RemoteWriteMessage.V1).Samples);
        });
        Assert.InRange(bytes / SeriesCount, 0, 8);
    }

    private static byte[] Body(int round)
    {
        var request = new ProtoMessage();
        for (var i = 0; i < SeriesCount; i++)
        {
            request.Message(1, new ProtoMessage().Label(1, "__name__", "m").Label(1, "shard", $"{i}")
                .Message(2, new ProtoMessage().Double(1, round + i).Varint(2, (round + 1) * 15_000L)));
        }
        return Snappy.CompressToArray(request.ToArray());
    }

    /// <summary>What a round allocates on this thread, once everything is warm: the least of some measurements, for code is optimised
    /// only after a while.</summary>
    private static double BytesPerRound(Action<int> action)
    {
        Assert.SkipWhen(IsDebug, "allocations are counted where the code is optimised");
        var least = double.PositiveInfinity;
        for (var measurement = 0; measurement < Measurements; measurement++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Rounds; i++)
            {
                action((measurement * Rounds) + i);
            }
            least = Math.Min(least, (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Rounds);
        }
        return least;
    }
}
