using System.IO.Compression;
using System.Runtime.InteropServices;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Wal;

namespace Pharos.Fuzz.Targets;

/// <summary>What a group of a checkpoint unpacks to, between a right start and end and beside the chunk files that it may name. Whatever it
/// says, a start does not fail.</summary>
internal sealed class CheckpointGroupTarget : FuzzTarget, IDisposable
{
    private readonly StoreFiles _store = new();
    private readonly MemoryFileSystem _written;
    private readonly List<byte[]> _others = [];
    private readonly List<byte[]> _groups = [];

    public CheckpointGroupTarget()
    {
        _written = _store.Written(sealedToo: true);
        var directory = Path.GetDirectoryName(_store.Segment)!;
        var name = _written.Files(directory).Last(static name => name.EndsWith(WalSegments.CheckpointSuffix, StringComparison.Ordinal));
        using var reader = new WalRecordReader(_written, Path.Combine(directory, name));
        while (reader.Next(out var payload))
        {
            if (payload[0] == HeadRecord.CheckpointGroup)
            {
                _groups.Add(Unpacked(payload[1..]));
            }
            else if (payload[0] is HeadRecord.CheckpointStart or HeadRecord.CheckpointEnd)
            {
                _others.Add(payload.ToArray());
            }
        }
    }

    public override string Name => "checkpoint-group";

    public override InputForm Form => InputForm.Bytes;

    /// <summary>A chunk's count says how many samples are made of few bits.</summary>
    public override long BytesPerInputByte => 4_000_000;

    /// <summary>The table of series has a place for every id up to the greatest.</summary>
    public override long BaseBytes => 800L << 20;

    public override TimeSpan MaxTime => TimeSpan.FromSeconds(10);

    public override IEnumerable<byte[]> MadeInputs() => _groups;

    public override string Run(byte[] input)
    {
        var group = new ByteWriter();
        group.U8(HeadRecord.CheckpointGroup);
        group.UVarint((ulong)input.Length);
        group.Bytes(Packed(input));
        var checkpoint = new byte[WalFormat.FileHeaderBytes].ToList();
        WalFormat.WriteFileHeader(CollectionsMarshal.AsSpan(checkpoint));
        var header = new byte[WalFormat.RecordHeaderBytes];
        foreach (var record in (byte[][])[_others[0], group.Written.ToArray(), _others[^1]])
        {
            WalFormat.WriteRecordHeader(header, record);
            checkpoint.AddRange(header);
            checkpoint.AddRange(record);
        }
        var files = new MemoryFileSystem();
        var chunks = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(_store.Segment))!, "chunks");
        foreach (var name in _written.Files(chunks))
        {
            files[Path.Combine(chunks, name)] = _written[Path.Combine(chunks, name)];
        }
        files[Path.ChangeExtension(_store.Segment, WalSegments.CheckpointSuffix)] = [.. checkpoint];
        var (samples, complaints) = _store.ReadAll(files, areSound: false);
        return $"{Shape.Of(samples)} {Shape.Of(complaints)}";
    }

    public void Dispose() => _store.Dispose();

    private static byte[] Packed(byte[] raw)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(raw.Length)];
        return BrotliEncoder.TryCompress(raw, packed, out var size)
            ? packed[..size] : throw new InvalidOperationException("a buffer of the largest size was too small");
    }

    private static byte[] Unpacked(ReadOnlySpan<byte> record)
    {
        var reader = new ByteReader(record, "");
        var raw = new byte[reader.UVarint()];
        return BrotliDecoder.TryDecompress(reader.Take(reader.Remaining), raw, out var size) && size == raw.Length
            ? raw : throw new InvalidDataException("a group that does not unpack");
    }
}
