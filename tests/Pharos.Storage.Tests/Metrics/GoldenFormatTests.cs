using System.Runtime.CompilerServices;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>Files of format 1, kept for ever: today's store writes the same bytes and reads the old ones.</summary>
/// <remarks><c>UPDATE_GOLDEN=1</c> writes them anew, which is right only together with a new format number.</remarks>
public sealed class GoldenFormatTests : IDisposable
{
    private static readonly string[] Kept = ["wal/00000001.wal", "wal/00000002.checkpoint", "blocks/00000001.block",
        "blocks/00000002.block"];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_same_samples_make_the_same_bytes()
    {
        await Write(_directory.Path);
        foreach (var name in Kept)
        {
            var written = await File.ReadAllBytesAsync(_directory.File(name));
            var golden = Path.Combine(GoldenDirectory(), Path.GetFileName(name));
            if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            {
                await File.WriteAllBytesAsync(golden, written);
            }
            Assert.Equal(Convert.ToHexString(await File.ReadAllBytesAsync(golden)), Convert.ToHexString(written));
        }
    }

    [Fact]
    public async Task Old_files_are_read()
    {
        using var old = new TemporaryDirectory();
        foreach (var name in Kept)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(old.File(name))!);
            File.Copy(Path.Combine(GoldenDirectory(), Path.GetFileName(name)), old.File(name));
        }
        await using var store = Some.Open(Options(old.Path));
        Assert.Equal(Feed(null).Dump(), store.Dump());
        Assert.Equal(new MetricMetadata("gauge", "Überall", "bytes"), store.Metadata["m"]);
    }

    private static MetricStoreOptions Options(string directory) =>
        Some.Options(directory) with { BlockDuration = TimeSpan.FromMinutes(10) };

    /// <summary>The log of before and after a window was sealed; the first segment is kept aside, as a checkpoint removes it.</summary>
    private static async Task Write(string directory)
    {
        await using var store = Some.Open(Options(directory));
        store.SetMetadata("m", new MetricMetadata("gauge", "Überall", "bytes"));
        Feed(store);
        var segment = Path.Combine(directory, "wal/00000001.wal");
        var first = await File.ReadAllBytesAsync(segment);
        store.RunMaintenance();
        await File.WriteAllBytesAsync(segment, first);
    }

    private static NaiveStore Feed(MetricStore? store)
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
        }
        return model;
    }

    private static string GoldenDirectory([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(file))!, "testdata", "format_v1");
}
