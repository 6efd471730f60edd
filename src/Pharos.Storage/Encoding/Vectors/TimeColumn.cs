namespace Pharos.Storage.Encoding.Vectors;

/// <summary>The timestamps of a chunk (ms), rising.</summary>
/// <remarks>Layout: varint first; then u8 1 and varint step of a regular interval, or u8 0 and the differences as a
/// <see cref="PatchedColumn"/>, in which an interval with a few exceptions takes no more than these.</remarks>
internal static class TimeColumn
{
    /// <param name="room">Room for as many numbers, as <paramref name="scratch"/>.</param>
    public static void Write(ReadOnlySpan<long> timestamps, Span<long> room, Span<ulong> scratch, ByteWriter into)
    {
        into.Varint(timestamps[0]);
        var deltas = room[..(timestamps.Length - 1)];
        var isRegular = true;
        for (var i = 0; i < deltas.Length; i++)
        {
            deltas[i] = unchecked(timestamps[i + 1] - timestamps[i]);
            isRegular &= deltas[i] == deltas[0];
        }
        into.U8(isRegular ? (byte)1 : (byte)0);
        if (isRegular)
        {
            into.Varint(deltas.IsEmpty ? 0 : deltas[0]);
        }
        else
        {
            PatchedColumn.Write(deltas, scratch, into);
        }
    }

    /// <summary>Reads all timestamps of a chunk.</summary>
    public static void Read(ref ByteReader from, Span<long> into)
    {
        var at = from.Varint();
        if (from.U8() == 1)
        {
            var step = from.Varint();
            for (var i = 0; i < into.Length; i++)
            {
                into[i] = at;
                at = unchecked(at + step);
            }
            return;
        }
        PatchedColumn.Read(ref from, into.Length - 1, 0, into[1..]);
        into[0] = at;
        PatchedColumn.Sum(into);
    }
}
