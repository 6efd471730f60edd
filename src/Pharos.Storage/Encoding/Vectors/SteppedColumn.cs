namespace Pharos.Storage.Encoding.Vectors;

/// <summary>Numbers that mostly rise by the same step: the timestamps of a chunk (ms), the series and times of a batch.</summary>
/// <remarks>Layout: varint first; then u8 1 and varint step of a regular interval, or u8 2 and its uvarint seconds, or u8 0 and the
/// differences as a <see cref="PatchedColumn"/>, in which an interval with a few exceptions takes no more than these.</remarks>
internal static class SteppedColumn
{
    private const byte Irregular = 0;
    private const byte Regular = 1;
    private const byte RegularSeconds = 2;
    private const int SecondMs = 1000;

    /// <param name="room">Room for as many numbers, as <paramref name="scratch"/>.</param>
    public static void Write(ReadOnlySpan<long> numbers, Span<long> room, Span<ulong> scratch, ByteWriter into)
    {
        into.Varint(numbers[0]);
        var deltas = room[..(numbers.Length - 1)];
        var isRegular = true;
        for (var i = 0; i < deltas.Length; i++)
        {
            deltas[i] = unchecked(numbers[i + 1] - numbers[i]);
            isRegular &= deltas[i] == deltas[0];
        }
        if (!isRegular)
        {
            into.U8(Irregular);
            PatchedColumn.Write(deltas, scratch, into);
            return;
        }
        var step = deltas.IsEmpty ? 0 : deltas[0];
        if (step >= 0 && step % SecondMs == 0)
        {
            into.U8(RegularSeconds);
            into.UVarint((ulong)(step / SecondMs));
            return;
        }
        into.U8(Regular);
        into.Varint(step);
    }

    /// <summary>Reads all numbers of a column.</summary>
    public static void Read(ref ByteReader from, Span<long> into)
    {
        var at = from.Varint();
        var form = from.U8();
        if (form is Regular or RegularSeconds)
        {
            var step = form == Regular ? from.Varint() : unchecked((long)from.UVarint() * SecondMs);
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
