using System.Buffers.Binary;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics;
using Pharos.Storage.PrometheusBlocks;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Fuzz.Targets;

/// <summary>The index of a block of Prometheus, as it is and with its checksums put right, and the chunks that it refers to.</summary>
internal sealed class PrometheusIndexTarget : FuzzTarget
{
    private const string IndexPath = "/block/index";
    private const string ChunkPath = "/block/chunks/000001";
    private const int TocBytes = 52;
    private const int SymbolsEntry = 0;
    private const int SeriesEntry = 8;
    private const int PostingsEntry = 32;
    private const int PostingsTableEntry = 40;

    private readonly byte[] _index;
    private readonly byte[] _chunks;

    public PrometheusIndexTarget()
    {
        var directory = Directory.CreateTempSubdirectory("pharos-fuzz").FullName;
        try
        {
            using (var writer = new PrometheusBlockWriter(directory, ChunkFormat.Classic, TimeProvider.System))
            {
                foreach (var name in new[] { "m1", "m2", "h1", "h2" })
                {
                    writer.Add(SomeSamples.Labels(name, "a"), SomeSamples.Series(name, 12));
                }
                writer.Finish();
            }
            var block = Directory.EnumerateDirectories(directory).Single();
            _index = File.ReadAllBytes(Path.Combine(block, "index"));
            _chunks = File.ReadAllBytes(Path.Combine(block, "chunks", "000001"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public override string Name => "prometheus-index";

    public override InputForm Form => InputForm.Bytes;

    public override long BytesPerInputByte => 100_000;

    public override IEnumerable<byte[]> MadeInputs() => [_index];

    public override string Run(byte[] input)
    {
        var shape = "";
        foreach (var bytes in new[] { input, Repaired(input) })
        {
            try
            {
                shape += Shape.Of(Read(bytes));
            }
            catch (CorruptFileException bad)
            {
                shape += Shape.Of(bad.Reason);
            }
        }
        return shape;
    }

    private long Read(byte[] bytes)
    {
        var files = new MemoryFileSystem { [IndexPath] = bytes, [ChunkPath] = _chunks };
        using var index = new IndexFile(files, IndexPath);
        using var segments = new ChunkFiles(files, "/block/chunks");
        var places = new List<BlockChunkRef>();
        var samples = new SampleBuffer();
        foreach (var series in index.AllSeries())
        {
            places.Clear();
            _ = index.Series(series, places);
            foreach (var place in places)
            {
                _ = segments.Describe(place.Reference);
                segments.Read(place.Reference, long.MinValue, long.MaxValue, samples);
            }
        }
        return samples.Count;
    }

    private static byte[] Repaired(byte[] input)
    {
        var bytes = input.ToArray();
        if (bytes.Length < TocBytes)
        {
            return bytes;
        }
        var toc = bytes.AsSpan(^TocBytes..);
        BinaryPrimitives.WriteUInt32BigEndian(toc[^4..], Crc32C.Of(toc[..^4]));
        RepairSection(bytes, Entry(bytes, SymbolsEntry));
        RepairSection(bytes, Entry(bytes, PostingsTableEntry));

        // Posting lists stand one behind another, on full words; series on multiples of 16.
        for (var at = Entry(bytes, PostingsEntry); RepairSection(bytes, at) is var length && length >= 0;)
        {
            at += (ulong)((4 + length + 4 + 3) & ~3);
        }
        for (var at = (Entry(bytes, SeriesEntry) + 15) & ~15UL; at + 16 < (ulong)bytes.Length; at += 16)
        {
            var length = bytes[(int)at];
            if (length < 0x80 && at + 1 + length + 4 <= (ulong)bytes.Length && at < Entry(bytes, PostingsEntry))
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan((int)at + 1 + length), Crc32C.Of(bytes.AsSpan((int)at + 1, length)));
                at += (ulong)((1 + length + 4 - 1) & ~15);
            }
        }
        return bytes;
    }

    private static ulong Entry(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(bytes.Length - TocBytes + at));

    /// <returns>The length of the section; -1 where there is none.</returns>
    private static int RepairSection(byte[] bytes, ulong offset)
    {
        if (offset > (ulong)bytes.Length - 8)
        {
            return -1;
        }
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)offset));
        if (length == 0 || length > bytes.Length - (int)offset - 8)
        {
            return -1;
        }
        var payload = bytes.AsSpan((int)offset + 4, (int)length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan((int)offset + 4 + (int)length), Crc32C.Of(payload));
        return (int)length;
    }
}
