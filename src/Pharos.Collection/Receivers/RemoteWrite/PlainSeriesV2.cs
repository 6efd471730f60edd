using System.Runtime.InteropServices;
using Pharos.Collection.Hashing;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Reads the message <c>TimeSeries</c> of protocol 2.0 where it has nothing but labels, samples and then metadata, in the form in
/// which encoders write them. Whatever else there may be, good or bad, is left to <see cref="WriteRequestV2"/>.</summary>
internal static class PlainSeriesV2
{
    private const byte LengthOfField1 = 0x0a;
    private const byte LengthOfField5 = 0x2a;

    /// <summary>Series of more labels are not plain.</summary>
    public const int MaxLabels = 64;

    /// <summary>A hash of the labels' texts, in the order in which the message has them.</summary>
    /// <param name="room">For the hashes of the labels' symbols.</param>
    /// <param name="at">Where the samples begin.</param>
    /// <param name="name">The number of the symbol that is the metric's name; -1 where none is seen.</param>
    /// <returns>False where the labels are not plain.</returns>
    public static bool TryLabels(
        ReadOnlySpan<byte> message, SymbolTable symbols, Span<TextHash> room, TextHasher hasher, out int at, out TextHash hash, out int name)
    {
        (at, hash, name) = (0, default, -1);
        if (message.IsEmpty || message[0] != LengthOfField1)
        {
            return false;
        }
        at = 1;
        var length = Number(message, ref at);
        if (length <= 0 || length > message.Length - at)
        {
            return false;
        }
        var references = message.Slice(at, length);
        at += length;
        var count = 0;
        for (var next = 0; next < references.Length; count++)
        {
            var number = Number(references, ref next);
            if ((uint)number >= (uint)symbols.Count || count == room.Length)
            {
                return false;
            }
            room[count] = symbols.HashAt(number);
            if ((count & 1) == 1 && name < 0 && symbols.IsMetricName(room[count - 1]))
            {
                name = number;
            }
        }
        hash = hasher.HashOf(MemoryMarshal.AsBytes(room[..count]));
        return (count & 1) == 0;
    }

    /// <summary>The message of the metadata that a series ends with.</summary>
    /// <returns>False where something else stands at the place.</returns>
    public static bool TryMetadata(ReadOnlySpan<byte> message, int at, out ReadOnlySpan<byte> metadata)
    {
        metadata = default;
        if (at >= message.Length)
        {
            return at == message.Length;
        }
        if (message[at++] != LengthOfField5)
        {
            return false;
        }
        var length = Number(message, ref at);
        if (length < 0 || length != message.Length - at)
        {
            return false;
        }
        metadata = message[at..];
        return true;
    }

    /// <summary>A number of up to three bytes; -1 where there is none.</summary>
    private static int Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0;
        for (var shift = 0; at < bytes.Length && shift < 21; shift += 7)
        {
            var next = bytes[at++];
            value |= (next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        return -1;
    }
}
