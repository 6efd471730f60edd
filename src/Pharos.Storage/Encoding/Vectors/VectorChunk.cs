using System.Buffers;
using System.Runtime.InteropServices;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.Encoding.Vectors;

/// <summary>A full chunk of numbers without start times, packed by columns, so that it is read many at a time.</summary>
/// <remarks>Layout: uvarint samples, <see cref="SteppedColumn"/>, <see cref="ValueColumn"/>; the bytes stand in
/// docs/formats/metric-block.md. Bytes that are none of this are refused with <see cref="Files.CorruptFileException"/>.</remarks>
internal static class VectorChunk
{
    /// <summary>Bounds what a damaged count can make a reader allocate.</summary>
    public const int MaxSamples = 8192;

    /// <summary>Packs samples in order of time.</summary>
    public static void Write(ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values, ByteWriter into)
    {
        var count = timestamps.Length;
        ArgumentOutOfRangeException.ThrowIfZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxSamples);
        var rented = ArrayPool<long>.Shared.Rent(count * 3);
        var room = rented.AsSpan(0, count * 2);
        var scratch = MemoryMarshal.Cast<long, ulong>(rented.AsSpan(count * 2, count));
        into.UVarint((ulong)count);
        SteppedColumn.Write(timestamps, room, scratch, into);
        ValueColumn.Write(values, room, scratch, into);
        ArrayPool<long>.Shared.Return(rented);
    }

    /// <summary>As <see cref="Write"/>, of values that are known to be whole numbers divided by a power of ten; these are overwritten.</summary>
    public static void WriteWholes(ReadOnlySpan<long> timestamps, Span<long> wholes, int exponent, ByteWriter into)
    {
        var count = timestamps.Length;
        ArgumentOutOfRangeException.ThrowIfZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxSamples);
        var rented = ArrayPool<long>.Shared.Rent(count * 2);
        var room = rented.AsSpan(0, count);
        var scratch = MemoryMarshal.Cast<long, ulong>(rented.AsSpan(count, count));
        into.UVarint((ulong)count);
        SteppedColumn.Write(timestamps, room, scratch, into);
        ValueColumn.WriteWholes(wholes, exponent, room, scratch, into);
        ArrayPool<long>.Shared.Return(rented);
    }

    /// <summary>Appends the first <paramref name="count"/> samples as far as they lie in the range (both ends inclusive).</summary>
    public static void ReadRange(ReadOnlySpan<byte> bytes, int count, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var from = new ByteReader(bytes, "a chunk");
        var all = from.UVarint();
        if (all is 0 or > MaxSamples)
        {
            throw from.Corrupt($"a chunk of {all} samples");
        }
        // Read in place: mostly all of a chunk is wanted, and what is not is written over by what follows.
        into.Reserve((int)all, out var times, out var values);
        SteppedColumn.Read(ref from, times);
        var seen = times[..Math.Min(count, times.Length)];
        var first = FirstFrom(seen, minTimeMs);
        var wanted = seen[first..(maxTimeMs == long.MaxValue ? seen.Length : Math.Max(first, FirstFrom(seen, maxTimeMs + 1)))];
        if (first > 0)
        {
            wanted.CopyTo(times);
        }
        values = values[..wanted.Length];
        if (!into.AsksForPresence || !ValueColumn.TryReadNoMarkers(from, values))
        {
            ValueColumn.Read(ref from, (int)all, first, values);
        }
        into.Advance(wanted.Length);
    }

    private static int FirstFrom(ReadOnlySpan<long> times, long timeMs)
    {
        if (times.IsEmpty || times[0] >= timeMs)
        {
            return 0;
        }
        if (times[^1] < timeMs)
        {
            return times.Length;
        }
        var at = times.BinarySearch(timeMs);
        return at < 0 ? ~at : at;
    }
}
