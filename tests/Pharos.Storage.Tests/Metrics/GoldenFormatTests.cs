using System.Runtime.CompilerServices;
using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>Files of every format, kept for ever: today's store writes the bytes of the newest and reads all.</summary>
/// <remarks>Format 2 has histograms and start times in the log and the blocks, format 3 chunks packed by columns,
/// format 4 lists, divisors and short forms in them, and chunks in files of their own.
/// <c>UPDATE_GOLDEN=1</c> writes them anew, which is right only together with a new format number.</remarks>
public sealed class GoldenFormatTests : IDisposable
{
    private static readonly string[] Kept = ["wal/00000001.wal", "wal/00000002.checkpoint", "blocks/00000001.block",
        "blocks/00000002.block"];

    /// <summary>Since format 4 there are the chunks that the checkpoint names.</summary>
    private const string Chunks = "chunks";

    private const int Newest = 4;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_same_samples_make_the_same_bytes()
    {
        await Write(_directory.Path);
        foreach (var name in Kept.Concat(Directory.GetFiles(_directory.File(Chunks)).Select(path => Path.Combine(Chunks, Path.GetFileName(path)))))
        {
            var written = await File.ReadAllBytesAsync(_directory.File(name));
            var golden = Path.Combine(GoldenDirectory(Newest), Path.GetFileName(name));
            if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            {
                await File.WriteAllBytesAsync(golden, written);
            }
            if (name.EndsWith(".checkpoint", StringComparison.Ordinal))
            {
                // Compressed by the runtime, whose next version may find a shorter way to say the same.
                continue;
            }
            Assert.Equal(Convert.ToHexString(await File.ReadAllBytesAsync(golden)), Convert.ToHexString(written));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Files_of_every_format_are_read(int format)
    {
        using var old = new TemporaryDirectory();
        var chunks = Directory.GetFiles(GoldenDirectory(format), "*.chunks").Select(path => Path.Combine(Chunks, Path.GetFileName(path)));
        foreach (var name in Kept.Concat(chunks))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(old.File(name))!);
            File.Copy(Path.Combine(GoldenDirectory(format), Path.GetFileName(name)), old.File(name));
        }
        await using var store = Some.Open(Options(old.Path));
        Assert.Equal(Feed(null, format).Dump(), store.Dump());
        Assert.Equal(new MetricMetadata("gauge", "Überall", "bytes"), store.Metadata["m"]);
    }

    private static MetricStoreOptions Options(string directory) =>
        Some.Options(directory) with { BlockDuration = TimeSpan.FromMinutes(10) };

    /// <summary>The log of before and after a window was sealed; the first segment is kept aside, as a checkpoint removes it.</summary>
    private static async Task Write(string directory)
    {
        await using var store = Some.Open(Options(directory));
        store.SetMetadata("m", new MetricMetadata("gauge", "Überall", "bytes"));
        Feed(store, Newest);
        var segment = Path.Combine(directory, "wal/00000001.wal");
        var first = await File.ReadAllBytesAsync(segment);
        store.RunMaintenance();
        await File.WriteAllBytesAsync(segment, first);
    }

    private static NaiveStore Feed(MetricStore? store, int format)
    {
        var model = new NaiveStore();
        for (var minute = -1; minute < 18; minute++)
        {
            foreach (var (name, value) in new[] { ("a", minute * 1.5), ("ü", 7), ("z", minute % 5 == 0 ? StaleMarker.Value : 1e9) })
            {
                var labels = Some.Series("m", name);
                model.Append(labels, minute * Some.MinuteMs, value);
                store?.AppendOne(labels, minute * Some.MinuteMs, value);
            }
            if (format > 1)
            {
                FeedParts(store, model, minute);
            }
        }
        return model;
    }

    private static void FeedParts(MetricStore? store, NaiveStore model, int minute)
    {
        var time = minute * Some.MinuteMs;
        var histogram = (minute % 4) switch
        {
            0 => Some.Histogram(-2, 1, minute + 2, 3),
            1 => Some.Histogram(-3, 0, 1, minute + 2, 3, 1),
            2 => NativeHistogram.Stale,
            _ => new NativeHistogram
            {
                Schema = NativeHistogram.CustomBucketsSchema,
                Count = 2.5,
                Sum = minute,
                PositiveSpans = [new BucketSpan(0, 2)],
                PositiveBuckets = [1.25, 1.25],
                CustomBounds = [0.5, 1],
            },
        };
        if (store is not null)
        {
            using var appender = store.Appender();
            ulong reference = 0;
            appender.Append(ref reference, Some.Series("m", "e"), time, 1);
            appender.AppendExemplar(reference, new Exemplar(LabelSet.From(("trace_id", $"{minute}")), 0.5, time));
            appender.Commit();
        }
        model.Append(Some.Series("m", "e"), time, 1);
        foreach (var (name, sample) in new[]
        {
            ("h", new SeriesSample(time, histogram.Sum, histogram, -120_000)),
            ("s", new SeriesSample(time, minute, null, minute < 5 ? -120_000 : time - Some.MinuteMs)),
        })
        {
            model.Append(Some.Series("m", name), sample);
            store?.AppendOne(Some.Series("m", name), sample);
        }
    }

    private static string GoldenDirectory(int format, [CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(file))!, "testdata", $"format_v{format}");
}
