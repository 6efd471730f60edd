using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Head.Memory;

namespace Pharos.Storage.Metrics.Head.Spill;

/// <summary>Writes and reads places of chunks as what differs from what the series before lets expect: its chunk of the same age
/// stands before this one, and spans the same time.</summary>
/// <remarks>A place: u8 flags of what differs, then each of these (4: varint; 8: uvarint; 16: varint; 32: uvarint), then varint of the
/// chunk's bytes less those of the one expected.</remarks>
internal sealed class ChunkGuess
{
    private const int SegmentFlag = 1;
    private const int OffsetFlag = 2;
    private const int CountFlag = 4;
    private const int KindFlag = 8;
    private const int MinTimeFlag = 16;
    private const int SpanFlag = 32;
    private const int OpenFlag = 64;

    /// <summary>Series with more chunks expect of all further ones the same.</summary>
    private const int MaxAges = 64;

    private readonly ChunkPlace[] _last = new ChunkPlace[MaxAges];

    public void Write(int age, in ChunkPlace place, bool isOpen, ByteWriter into)
    {
        ref var last = ref _last[Math.Min(age, MaxAges - 1)];
        var isElsewhere = place.Segment != last.Segment;
        var offset = isElsewhere ? 0 : NextOffset(last);
        var span = unchecked(place.MaxTimeMs - place.MinTimeMs);
        var flags = (isElsewhere ? SegmentFlag : 0) | (place.Offset != offset ? OffsetFlag : 0)
            | (place.Count != last.Count ? CountFlag : 0) | (place.Kind != last.Kind ? KindFlag : 0)
            | (place.MinTimeMs != last.MinTimeMs ? MinTimeFlag : 0)
            | (span != unchecked(last.MaxTimeMs - last.MinTimeMs) ? SpanFlag : 0) | (isOpen ? OpenFlag : 0);
        into.U8((byte)flags);
        if ((flags & SegmentFlag) != 0)
        {
            into.UVarint(place.Segment);
        }
        if ((flags & OffsetFlag) != 0)
        {
            into.Varint((long)place.Offset - offset);
        }
        if ((flags & CountFlag) != 0)
        {
            into.UVarint((ulong)place.Count);
        }
        if ((flags & KindFlag) != 0)
        {
            into.U8((byte)place.Kind);
        }
        if ((flags & MinTimeFlag) != 0)
        {
            into.Varint(unchecked(place.MinTimeMs - last.MinTimeMs));
        }
        if ((flags & SpanFlag) != 0)
        {
            into.UVarint((ulong)span);
        }
        into.Varint(place.SizeBytes - last.SizeBytes);
        last = place;
    }

    /// <exception cref="CorruptFileException">The place can be none.</exception>
    public ChunkPlace Read(int age, ref ByteReader from, out bool isOpen)
    {
        ref var last = ref _last[Math.Min(age, MaxAges - 1)];
        var flags = from.U8();
        isOpen = (flags & OpenFlag) != 0;
        var segment = (flags & SegmentFlag) == 0 ? last.Segment : from.UVarint();
        var offset = (flags & SegmentFlag) != 0 ? 0 : NextOffset(last);
        offset += (flags & OffsetFlag) == 0 ? 0 : from.Varint();
        var count = (flags & CountFlag) == 0 ? (ulong)last.Count : from.UVarint();
        var kind = (flags & KindFlag) == 0 ? last.Kind : (ChunkKind)from.U8();
        var minTimeMs = (flags & MinTimeFlag) == 0 ? last.MinTimeMs : unchecked(last.MinTimeMs + from.Varint());
        var span = (flags & SpanFlag) == 0 ? (ulong)unchecked(last.MaxTimeMs - last.MinTimeMs) : from.UVarint();
        var sizeBytes = last.SizeBytes + from.Varint();
        if (segment > uint.MaxValue || offset is < 0 or > int.MaxValue || sizeBytes is < 0 or > int.MaxValue || kind > ChunkKind.Vector
            || count is 0 or > MaxCount)
        {
            throw from.Corrupt($"a chunk of {count} samples and {sizeBytes} bytes at byte {offset} of file {segment}");
        }
        return last = new ChunkPlace(kind, (int)count, minTimeMs, unchecked(minTimeMs + (long)span), (uint)segment, (int)offset, (int)sizeBytes);
    }

    /// <summary>More samples than any chunk has.</summary>
    private const ulong MaxCount = 1 << 20;

    private static long NextOffset(in ChunkPlace place) => (long)place.Offset + place.SizeBytes + ChunkFileFormat.ChunkHeaderBytes;
}
