using Pharos.Storage.Files;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Storage.Tests.PrometheusBlocks;

public sealed class PrometheusBlockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(ChunkFormat.Classic)]
    [InlineData(ChunkFormat.WithStartTimes)]
    public void What_is_written_is_read(ChunkFormat format)
    {
        var meta = Write(format);

        using var block = PrometheusBlock.Open(_directory.File(meta.Ulid));

        Assert.Equal((3, 602, 1000, 500_001), (meta.Stats.NumSeries, meta.Stats.NumSamples, meta.MinTime, meta.MaxTime));
        Assert.Equal(meta.Ulid, block.Meta.Ulid);
        Assert.Equal(
            ["{__name__=\"caf\u00e9 \U0001F600\"}", "up{job=\"a\"}", "up{job=\"b\"}"],
            block.Series([], CancellationToken.None).Select(series => series.Labels.ToString()));
        var samples = new SampleBuffer();
        block.Series([new LabelMatcher(Model.MatchType.Equal, "job", "a")], CancellationToken.None).Single()
            .Read(10_000, 12_000, samples);
        Assert.Equal([10_000, 11_000, 12_000], samples.Timestamps.ToArray());
        Assert.Equal([10, 11, 12], samples.Values.ToArray());
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        var meta = Write(ChunkFormat.Classic);
        foreach (var name in (string[])["index", "chunks/000001"])
        {
            var path = _directory.File($"{meta.Ulid}/{name}");
            var good = File.ReadAllBytes(path);
            for (var at = 0; at < good.Length; at += 7)
            {
                if (name == "chunks/000001" && at is > 4 and < 8)
                {
                    continue;
                }
                var bad = (byte[])good.Clone();
                bad[at] ^= 0x55;
                File.WriteAllBytes(path, bad);
                if (name == "index" && IsPaddingOrUnused(good, at))
                {
                    continue;
                }
                Assert.Throws<CorruptFileException>(() => ReadAll(meta.Ulid));
            }
            File.WriteAllBytes(path, good);
        }
    }

    private PrometheusBlockMeta Write(ChunkFormat format)
    {
        using var writer = new PrometheusBlockWriter(_directory.Path, format, TimeProvider.System);
        var samples = new SampleBuffer();
        samples.Add(1000, 0, new NativeHistogram { Count = 3, ZeroCount = 3, HasIntegerCounts = true }, 0);
        samples.Add(2000, 0, NativeHistogram.Stale, 0);
        writer.Add(LabelSet.From(("__name__", "caf\u00e9 \U0001F600")), samples);
        foreach (var (job, count) in new[] { ("b", 100), ("a", 500) })
        {
            samples.Clear();
            for (var i = 1; i <= count; i++)
            {
                samples.Add(i * 1000, i);
            }
            writer.Add(LabelSet.From(("__name__", "up"), ("job", job)), samples);
        }
        return writer.Finish()!;
    }

    private void ReadAll(string ulid)
    {
        using var block = PrometheusBlock.Open(_directory.File(ulid));
        foreach (var series in block.Series([], CancellationToken.None))
        {
            series.Read(long.MinValue, long.MaxValue, new SampleBuffer());
        }
    }

    /// <summary>Posting lists of single labels are not read, nor what pads the sections.</summary>
    private static bool IsPaddingOrUnused(byte[] index, int at)
    {
        var toc = index.AsSpan(index.Length - IndexFile.TocBytes);
        var firstPostings = (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(toc[(4 * 8)..]);
        var table = (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(toc[(5 * 8)..]);
        return (at >= firstPostings && at < table) || index[at] == 0;
    }
}
