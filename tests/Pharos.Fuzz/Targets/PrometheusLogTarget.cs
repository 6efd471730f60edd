using System.Buffers.Binary;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Histograms;
using Pharos.Storage.PrometheusBlocks.Head;
using Snappier;

namespace Pharos.Fuzz.Targets;

/// <summary>Records of a Prometheus log with right checksums, and the same bytes as a segment and as mapped chunks.</summary>
internal sealed class PrometheusLogTarget : FuzzTarget
{
    private const string Segment = "/data/wal/00000000";
    private const string Chunks = "/data/chunks_head/000001";
    private const byte FullFragment = 1;
    private const byte SnappyFlag = 8;
    private const int MaxFragmentBytes = (32 * 1024) - 7;

    public override string Name => "prometheus-log";

    public override InputForm Form => InputForm.Bytes;

    /// <summary>A record may say of itself that it unpacks to much; a page of the window is kept.</summary>
    public override long BytesPerInputByte => 20_000;

    public override IEnumerable<byte[]> MadeInputs()
    {
        var writer = new ByteWriter();
        List<byte[]> records = [];
        void End()
        {
            records.Add(writer.Written.ToArray());
            writer.Clear();
        }
        writer.U8((byte)LogRecordType.Series);
        foreach (var series in new ulong[] { 1, 2 })
        {
            writer.U64BigEndian(series);
            writer.UVarint(2);
            foreach (var text in new[] { "__name__", "m", "i", series == 1 ? "a" : "b" })
            {
                writer.Text(text);
            }
        }
        End();
        foreach (var type in new[] { LogRecordType.Samples, LogRecordType.Tombstones, LogRecordType.Exemplars, LogRecordType.Metadata, LogRecordType.Histograms })
        {
            writer.U8((byte)type);
            if (type == LogRecordType.Metadata)
            {
                writer.UVarint(1);
                writer.U8(1);
                writer.UVarint(1);
                writer.Text("HELP");
                writer.Text("Help.");
                End();
                continue;
            }
            writer.U64BigEndian(1);
            if (type == LogRecordType.Tombstones)
            {
                writer.Varint(1_700_000_000_000);
                writer.Varint(1_700_000_010_000);
                End();
                continue;
            }
            writer.U64BigEndian(1_700_000_000_000);
            for (var i = 0; i < 2; i++)
            {
                writer.Varint(i);
                writer.Varint(15_000 * i);
                if (type == LogRecordType.Histograms)
                {
                    Histogram(writer);
                    continue;
                }
                writer.U64BigEndian(BitConverter.DoubleToUInt64Bits(1.5));
                if (type == LogRecordType.Exemplars)
                {
                    writer.UVarint(1);
                    writer.Text("trace_id");
                    writer.Text("t");
                }
            }
            End();
        }
        yield return LengthPrefixed.Join(records);
        yield return [0xff, .. LengthPrefixed.Join(records.Select(static record => Snappy.CompressToArray(record)))];
    }

    public override string Run(byte[] input)
    {
        var packed = input is [0xff, ..];
        var segment = new List<byte>();
        Span<byte> header = stackalloc byte[7];
        foreach (var record in LengthPrefixed.Split(packed ? input[1..] : input).Where(static record => record.Length < MaxFragmentBytes))
        {
            var left = (32 * 1024) - (segment.Count % (32 * 1024));
            if (left < 7 + record.Length)
            {
                segment.AddRange(new byte[left]);
            }
            header[0] = (byte)(FullFragment | (packed ? SnappyFlag : 0));
            BinaryPrimitives.WriteUInt16BigEndian(header[1..], (ushort)record.Length);
            BinaryPrimitives.WriteUInt32BigEndian(header[3..], Crc32C.Of(record));
            segment.AddRange(header);
            segment.AddRange(record);
        }
        var shape = Replay([.. segment]) + Replay(input);
        try
        {
            HeadChunkFiles.Read(new MemoryFileSystem { [Chunks] = input }, "/data", new HeadContents(long.MinValue), long.MinValue);
        }
        catch (CorruptFileException bad)
        {
            shape += Shape.Of(bad.Reason);
        }
        return shape;
    }

    private static string Replay(byte[] bytes)
    {
        var head = new HeadContents(long.MinValue);
        var log = new HeadLog(head);
        var shape = "";
        try
        {
            using var reader = new LogSegmentReader(new MemoryFileSystem { [Segment] = bytes }, Segment);
            while (reader.Next() is { } record)
            {
                if (record.Length > 0)
                {
                    shape += (char)('a' + Math.Min((int)record[0], 20));
                    log.Apply(record, Segment, reader.RecordOffset);
                }
            }
            shape += reader.IsTorn;
        }
        catch (CorruptFileException bad)
        {
            shape += Shape.Of(bad.Reason);
        }
        head.Complete(keepOld: true);
        foreach (var samples in head.Samples.Values)
        {
            foreach (var histogram in samples.Histograms)
            {
                _ = histogram?.Problem();
            }
        }
        return shape.Length > 40 ? shape[..40] : shape;
    }

    /// <summary>A histogram with whole counts: tsdb/record, EncodeHistogram.</summary>
    private static void Histogram(ByteWriter writer)
    {
        writer.U8(0);
        writer.Varint(2);
        writer.U64BigEndian(BitConverter.DoubleToUInt64Bits(0.001));
        writer.UVarint(1);
        writer.UVarint(4);
        writer.U64BigEndian(BitConverter.DoubleToUInt64Bits(9.5));
        writer.UVarint(1);
        writer.Varint(-1);
        writer.UVarint(2);
        writer.UVarint(0);
        writer.UVarint(2);
        writer.Varint(1);
        writer.Varint(1);
        writer.UVarint(0);
    }
}
