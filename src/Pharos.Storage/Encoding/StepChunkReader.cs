using System.Buffers.Binary;
using System.Numerics;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.Encoding;

/// <summary>Unpacks a chunk of steps of whole numbers, which the head packs while a chunk grows; docs/formats/metric-head-chunks.md has
/// the bits.</summary>
/// <remarks>Reading beyond the bytes yields zero bits and never fails: the checksum around the bytes is what is trusted.</remarks>
internal ref struct StepChunkReader
{
    /// <summary>Decimals have at most so many digits behind the point.</summary>
    public const int MaxExponent = 6;

    /// <summary>Stands for a number as its 64 bits are.</summary>
    public const int RawExponent = 15;

    /// <summary>How many bits a step has behind so many ones and a zero.</summary>
    private static ReadOnlySpan<byte> StepBits => [0, 5, 8, 12, 24];

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14];

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private long _timestamp;
    private long _delta;
    private long _whole;
    private int _exponent;
    private bool _hasOthers;
    private double _power;
    private double _value;

    private StepChunkReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _power = 1;
        _exponent = -1;
    }

    public static double PowerOf(int exponent) => Powers[exponent];

    /// <summary>Appends the first <paramref name="count"/> samples as far as they lie in the range (both ends inclusive).</summary>
    /// <remarks>Exploits that nearly every sample keeps the interval and is a step that lies inside one word. <see cref="Next"/> is the
    /// plain twin.</remarks>
    public static void ReadRange(ReadOnlySpan<byte> bytes, int count, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        // A sample takes two bits at least: a damaged count is not believed beyond that.
        count = Math.Min(count, bytes.Length * 4);
        into.Reserve(count, out var timestamps, out var values);
        var reader = new StepChunkReader(bytes);
        for (var read = 0; read < count;)
        {
            reader.Next(isFirst: read == 0);
            timestamps[read] = reader._timestamp;
            values[read++] = reader._value;
            read += reader.ReadRegular(timestamps[read..], values[read..]);
        }

        // Times rise, so that what is wanted lies together; nearly always it is all.
        var first = 0;
        while (first < count && timestamps[first] < minTimeMs)
        {
            first++;
        }
        var end = count;
        while (end > first && timestamps[end - 1] > maxTimeMs)
        {
            end--;
        }
        if (first > 0)
        {
            timestamps[first..end].CopyTo(timestamps);
            values[first..end].CopyTo(values);
        }
        into.Advance(end - first);
    }

    /// <summary>The same, sample by sample: its oracle.</summary>
    public static void ReadRangePlain(ReadOnlySpan<byte> bytes, int count, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var reader = new StepChunkReader(bytes);
        count = Math.Min(count, bytes.Length * 4);
        for (var i = 0; i < count; i++)
        {
            reader.Next(isFirst: i == 0);
            if (reader._timestamp >= minTimeMs && reader._timestamp <= maxTimeMs)
            {
                into.Add(reader._timestamp, reader._value);
            }
        }
    }

    /// <summary>Reads on as long as every sample keeps the interval, lies inside one word and is a step, or as the one before.</summary>
    /// <returns>How many were read; where it is none, <see cref="Next"/> goes on.</returns>
    private int ReadRegular(Span<long> timestamps, Span<double> values)
    {
        var bytes = _bytes;
        var (position, timestamp, delta, whole, power, value) = (_position, _timestamp, _delta, _whole, _power, _value);

        // A number as its bits are has no whole number behind it: it is not repeated here.
        var fewestOnes = BitConverter.DoubleToUInt64Bits(value) == BitConverter.DoubleToUInt64Bits(whole / power) ? 0 : 1;
        var read = 0;
        for (; read < timestamps.Length; read++)
        {
            // The upper 57 bits at least are those that follow.
            var at = position >> 3;
            var word = (at + 8 <= bytes.Length ? BinaryPrimitives.ReadUInt64BigEndian(bytes[at..]) : LastWord(at)) << (position & 7);
            if ((long)word < 0)
            {
                break;
            }
            var ones = BitOperations.LeadingZeroCount(~(word << 1));
            if (ones < fewestOnes || ones >= StepBits.Length)
            {
                break;
            }
            fewestOnes = 0;
            var bits = StepBits[ones];
            var zigzag = (word << (ones + 2)) >> 1 >> (63 - bits);
            position += ones + 2 + bits;
            whole = unchecked(whole + ((long)(zigzag >> 1) ^ -(long)(zigzag & 1)));
            timestamp = unchecked(timestamp + delta);
            timestamps[read] = timestamp;
            values[read] = value = whole / power;
        }
        (_position, _timestamp, _whole, _value) = (position, timestamp, whole, value);
        return read;
    }

    /// <summary>Reads the samples of a chunk as the whole numbers that it has, all of which are to be divided by one power of ten.</summary>
    /// <returns>False where the numbers are not all of one exponent, or some are as their bits are.</returns>
    public static bool TryReadWholes(ReadOnlySpan<byte> bytes, Span<long> timestamps, Span<long> wholes, out int exponent)
    {
        var reader = new StepChunkReader(bytes);
        for (var i = 0; i < wholes.Length && !reader._hasOthers; i++)
        {
            reader.Next(isFirst: i == 0);
            timestamps[i] = reader._timestamp;
            wholes[i] = reader._whole;
        }
        exponent = reader._exponent;
        return !reader._hasOthers;
    }

    private void Next(bool isFirst)
    {
        if (isFirst)
        {
            _timestamp = (long)Read64();
            ReadValue(Peek());
            return;
        }

        // One look at 57 bits tells all of the timestamp, nearly always, and what leads the value.
        var word = Peek();
        var (change, used) = BitOperations.LeadingZeroCount(~word) switch
        {
            0 => (0L, 1),
            1 => ((long)(word << 2) >> 50, 16),
            2 => ((long)(word << 3) >> 47, 20),
            3 => ((long)(word << 4) >> 44, 24),
            _ => (0L, 4),
        };
        _position += used;
        if (used == 4)
        {
            change = (long)Read64();
            word = Peek();
            used = 0;
        }
        unchecked
        {
            _delta += change;
            _timestamp += _delta;
        }
        ReadValue(word << used);
    }

    /// <param name="word">What follows the timestamp, at least 33 bits of it.</param>
    private void ReadValue(ulong word)
    {
        switch (BitOperations.LeadingZeroCount(~word))
        {
            case 0:
                _position++;
                break;
            case 1:
                Step((word << 2) >> 59, 7);
                break;
            case 2:
                Step((word << 3) >> 56, 11);
                break;
            case 3:
                Step((word << 4) >> 52, 16);
                break;
            case 4:
                Step((word << 5) >> 40, 29);
                break;
            default:
                ReadWhole((int)(word >> 55) & 15);
                break;
        }
    }

    private void Step(ulong zigzag, int bits)
    {
        _position += bits;
        _whole = unchecked(_whole + ((long)(zigzag >> 1) ^ -(long)(zigzag & 1)));
        _value = _whole / _power;
    }

    private void ReadWhole(int exponent)
    {
        _position += 9;
        if (exponent == RawExponent)
        {
            _hasOthers = true;
            _value = BitConverter.UInt64BitsToDouble(Read64());
            return;
        }
        _hasOthers |= _exponent >= 0 && exponent != _exponent;
        _exponent = exponent;
        _power = Powers[exponent];
        _whole = (long)Read64();
        _value = _whole / _power;
    }

    private ulong Read64()
    {
        var high = Peek() >> 32;
        _position += 32;
        var low = Peek() >> 32;
        _position += 32;
        return (high << 32) | low;
    }

    /// <summary>The next 57 bits and more, highest first.</summary>
    private readonly ulong Peek()
    {
        var at = _position >> 3;
        var word = at + 8 <= _bytes.Length ? BinaryPrimitives.ReadUInt64BigEndian(_bytes[at..]) : LastWord(at);
        return word << (_position & 7);
    }

    private readonly ulong LastWord(int at)
    {
        if (_bytes.Length >= 8)
        {
            var missing = at + 8 - _bytes.Length;
            return missing >= 8 ? 0 : BinaryPrimitives.ReadUInt64BigEndian(_bytes[^8..]) << (missing * 8);
        }
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        if (at < _bytes.Length)
        {
            _bytes[at..].CopyTo(word);
        }
        return BinaryPrimitives.ReadUInt64BigEndian(word);
    }
}
