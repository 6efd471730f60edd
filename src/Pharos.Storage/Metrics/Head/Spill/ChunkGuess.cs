using System.Numerics;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Head.Memory;

namespace Pharos.Storage.Metrics.Head.Spill;

/// <summary>Writes and reads places of chunks as what differs from what is expected: that a chunk stands behind the one as old of a
/// series that fills its chunks at the same time, or behind the one as new of the series before, and goes on in time where the
/// series' chunk before it ends.</summary>
/// <remarks>A place: u8 flags, then what differs (1: uvarint; 2: varint; 4: uvarint; 8: u8; 16: varint; 32: varint), then varint of the
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

    /// <summary>Expected of the series that fills its chunks at the same time; else of the series before.</summary>
    private const int PeerFlag = 128;

    /// <summary>Series with more chunks expect of all further ones the same.</summary>
    private const int MaxAges = 16;

    /// <summary>More samples than any chunk has.</summary>
    private const ulong MaxCount = 1 << 20;

    private readonly ChunkPlace[] _ofPeers = new ChunkPlace[SeriesWriter.FillTurns * MaxAges];
    private readonly ChunkPlace[] _ofLast = new ChunkPlace[MaxAges];
    private ChunkPlace _before;
    private ulong _id;
    private int _count;

    /// <summary>Expects nothing any more.</summary>
    public void Clear()
    {
        Array.Clear(_ofPeers);
        Array.Clear(_ofLast);
    }

    /// <summary>Begins with a series.</summary>
    /// <param name="count">How many chunks it has.</param>
    public void Begin(ulong id, int count)
    {
        _id = id;
        _count = count;
        _before = default;
    }

    /// <param name="age">The place of the chunk among those of the series, from the oldest on.</param>
    public void Write(int age, in ChunkPlace place, bool isOpen, ByteWriter into)
    {
        var ofPeer = Differences(Peer(age), place);
        var ofLast = Differences(Last(age), place);
        var isPeer = BitOperations.PopCount((uint)ofPeer) < BitOperations.PopCount((uint)ofLast);
        ref var expected = ref isPeer ? ref Peer(age) : ref Last(age);
        var flags = isPeer ? ofPeer | PeerFlag : ofLast;
        into.U8((byte)(flags | (isOpen ? OpenFlag : 0)));
        if ((flags & SegmentFlag) != 0)
        {
            into.UVarint(place.Segment);
        }
        if ((flags & OffsetFlag) != 0)
        {
            into.Varint(place.Offset - ((flags & SegmentFlag) != 0 ? 0 : EndOf(expected)));
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
            into.Varint(unchecked(place.MinTimeMs - MinTime(expected)));
        }
        if ((flags & SpanFlag) != 0)
        {
            into.Varint(unchecked(place.MaxTimeMs - place.MinTimeMs - Span(expected, place.Count)));
        }
        into.Varint(place.SizeBytes - expected.SizeBytes);
        Keep(age, place);
    }

    /// <exception cref="CorruptFileException">The place can be none.</exception>
    public ChunkPlace Read(int age, ref ByteReader from, out bool isOpen)
    {
        var flags = from.U8();
        isOpen = (flags & OpenFlag) != 0;
        ref var expected = ref (flags & PeerFlag) != 0 ? ref Peer(age) : ref Last(age);
        var segment = (flags & SegmentFlag) == 0 ? expected.Segment : from.UVarint();
        var offset = (flags & SegmentFlag) == 0 ? EndOf(expected) : (flags & OffsetFlag) == 0 ? FirstOffset : 0;
        offset += (flags & OffsetFlag) == 0 ? 0 : from.Varint();
        var count = (flags & CountFlag) == 0 ? (ulong)expected.Count : from.UVarint();
        var kind = (flags & KindFlag) == 0 ? expected.Kind : (ChunkKind)from.U8();
        if (count is 0 or > MaxCount || kind > ChunkKind.Step)
        {
            throw from.Corrupt($"a chunk of {count} samples and kind {kind}");
        }
        var minTimeMs = unchecked(MinTime(expected) + ((flags & MinTimeFlag) == 0 ? 0 : from.Varint()));
        var span = unchecked(Span(expected, (int)count) + ((flags & SpanFlag) == 0 ? 0 : from.Varint()));
        var sizeBytes = expected.SizeBytes + from.Varint();
        if (segment > uint.MaxValue || offset is < 0 or > int.MaxValue || sizeBytes is < 0 or > int.MaxValue)
        {
            throw from.Corrupt($"a chunk of {sizeBytes} bytes at byte {offset} of file {segment}");
        }
        var place = new ChunkPlace(kind, (int)count, minTimeMs, unchecked(minTimeMs + span), (uint)segment, (int)offset, (int)sizeBytes);
        Keep(age, place);
        return place;
    }

    /// <summary>Of the first chunk of a file.</summary>
    private const int FirstOffset = ChunkFileFormat.HeaderBytes + ChunkFileFormat.ChunkHeaderBytes;

    private static long EndOf(in ChunkPlace place) => (long)place.Offset + place.SizeBytes + ChunkFileFormat.ChunkHeaderBytes;

    /// <summary>The distance of a chunk's samples where it is regular; else 0.</summary>
    private static long StepOf(in ChunkPlace place)
    {
        var span = unchecked(place.MaxTimeMs - place.MinTimeMs);
        return place.Count > 1 && span > 0 && span % (place.Count - 1) == 0 ? span / (place.Count - 1) : 0;
    }

    private ref ChunkPlace Peer(int age) => ref _ofPeers[(SeriesWriter.FillTurnOf(_id) * MaxAges) + Math.Min(age, MaxAges - 1)];

    private ref ChunkPlace Last(int age) => ref _ofLast[Math.Min(_count - 1 - age, MaxAges - 1)];

    private long MinTime(in ChunkPlace expected) =>
        StepOf(_before) is var step and > 0 ? unchecked(_before.MaxTimeMs + step) : expected.MinTimeMs;

    private long Span(in ChunkPlace expected, int count)
    {
        var step = StepOf(_before.Count > 0 ? _before : expected);
        return step > 0 ? unchecked(step * (count - 1)) : unchecked(expected.MaxTimeMs - expected.MinTimeMs);
    }

    private int Differences(in ChunkPlace expected, in ChunkPlace place)
    {
        var isElsewhere = place.Segment != expected.Segment;
        return (isElsewhere ? SegmentFlag : 0) | (place.Offset != (isElsewhere ? FirstOffset : EndOf(expected)) ? OffsetFlag : 0)
            | (place.Count != expected.Count ? CountFlag : 0) | (place.Kind != expected.Kind ? KindFlag : 0)
            | (place.MinTimeMs != MinTime(expected) ? MinTimeFlag : 0)
            | (unchecked(place.MaxTimeMs - place.MinTimeMs) != Span(expected, place.Count) ? SpanFlag : 0);
    }

    private void Keep(int age, in ChunkPlace place)
    {
        Peer(age) = place;
        Last(age) = place;
        _before = place;
    }
}
