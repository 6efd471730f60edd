using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Pharos.Query.Results;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>Writes the numbers of many series: <c>[[timestamp,"value"],...]</c>.</summary>
/// <remarks>Exploits that the series of one answer mostly share their timestamps, and that values come again: both are put into
/// text once. The plain twin is <see cref="JsonForms.WritePoint"/>. Not thread-safe.</remarks>
internal sealed class PointWriter
{
    /// <summary>So many points are put into one stretch of room.</summary>
    private const int PointsPerPortion = 64;

    /// <summary><c>[</c>, the longest timestamp, <c>,"</c>.</summary>
    private const int MaxHeadBytes = 32;
    private const int MaxPointBytes = MaxHeadBytes + JsonNumber.MaxBytes + 4;

    private readonly NumberTexts _numbers = new();
    private IReadOnlyList<long> _times = [];
    private byte[] _heads = [];
    private int[] _headEnds = [];

    private static ReadOnlySpan<byte> EndOfPoint => "\"],"u8;

    /// <summary>Writes the numbers of one series.</summary>
    public void Write(IBufferWriter<byte> output, MatrixSeries series)
    {
        if (!ReferenceEquals(series.TimestampsMs, _times))
        {
            WriteHeads(series.TimestampsMs);
        }
        output.Write("["u8);
        for (var from = 0; from < _times.Count; from += PointsPerPortion)
        {
            WritePortion(output, series.Values, from, Math.Min(from + PointsPerPortion, _times.Count));
        }
        output.Write("]"u8);
    }

    /// <summary>Lets the timestamps go, so that nothing holds an answer that was sent.</summary>
    public void ForgetTimes() => _times = [];

    private void WritePortion(IBufferWriter<byte> output, IReadOnlyList<double> values, int from, int to)
    {
        var array = values as double[];
        var room = output.GetSpan((to - from) * MaxPointBytes);
        var length = 0;
        for (var i = from; i < to; i++)
        {
            var headFrom = i == 0 ? 0 : _headEnds[i - 1];
            // As wide as a head can be, which is one copy without a question; what is too much is written over.
            Copy32(_heads.AsSpan(headFrom), room[length..]);
            length += _headEnds[i] - headFrom;
            length += _numbers.Write(array is null ? values[i] : array[i], room[length..]);
        }
        output.Advance(to == _times.Count ? length - 1 : length);
    }

    private static void Copy32(ReadOnlySpan<byte> from, Span<byte> to) =>
        MemoryMarshal.Write(to, MemoryMarshal.Read<Vector256<byte>>(from));

    private void WriteHeads(IReadOnlyList<long> times)
    {
        _times = times;
        if (_headEnds.Length < times.Count)
        {
            _headEnds = new int[times.Count];
            _heads = new byte[(times.Count + 1) * MaxHeadBytes];
        }
        var end = 0;
        for (var i = 0; i < times.Count; i++)
        {
            _heads[end++] = (byte)'[';
            end += JsonForms.FormatTimestamp(times[i], _heads.AsSpan(end));
            ",\""u8.CopyTo(_heads.AsSpan(end));
            end += 2;
            _headEnds[i] = end;
        }
    }

    /// <summary>The texts of the values that came last, each with the end of its point.</summary>
    private sealed class NumberTexts
    {
        private const int Bits = 12;

        /// <summary>The bits of the value, the length of its text, and that: in one place of the memory, and never longer than what is
        /// copied at once (<see cref="JsonNumber.MaxTextBytes"/> and three).</summary>
        private const int EntryBytes = 48;
        private const int LengthAt = 8;
        private const int TextAt = 9;

        private readonly byte[] _entries = new byte[(EntryBytes << Bits) + Vector256<byte>.Count];

        public int Write(double value, Span<byte> into)
        {
            var bits = BitConverter.DoubleToUInt64Bits(value);
            // Rates are fractions whose bits repeat: the upper ones are mixed in first, or few of them find a place of their own.
            var place = (int)(((bits ^ (bits >> 29)) * 0xBF58476D1CE4E5B9) >> (64 - Bits));
            var entry = _entries.AsSpan(place * EntryBytes, TextAt + Vector256<byte>.Count);
            if (MemoryMarshal.Read<ulong>(entry) != bits || entry[LengthAt] == 0)
            {
                Remember(value, bits, entry);
            }
            Copy32(entry[TextAt..], into);
            return entry[LengthAt];
        }

        private static void Remember(double value, ulong bits, Span<byte> entry)
        {
            var length = JsonNumber.Write(value, entry[TextAt..]);
            EndOfPoint.CopyTo(entry[(TextAt + length)..]);
            entry[LengthAt] = (byte)(length + EndOfPoint.Length);
            MemoryMarshal.Write(entry, bits);
        }
    }
}
