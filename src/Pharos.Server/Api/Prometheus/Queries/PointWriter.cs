using System.Buffers;
using System.Buffers.Binary;
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

    /// <summary><c>"],</c></summary>
    private const uint EndOfPoint = '"' | (']' << 8) | (',' << 16);

    private readonly NumberTexts _numbers = new();
    private IReadOnlyList<long> _times = [];
    private byte[] _heads = [];
    private int[] _headEnds = [];

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

    private void WritePortion(IBufferWriter<byte> output, IReadOnlyList<double> values, int from, int to)
    {
        var array = values as double[];
        var room = output.GetSpan((to - from) * MaxPointBytes);
        var length = 0;
        for (var i = from; i < to; i++)
        {
            var headFrom = i == 0 ? 0 : _headEnds[i - 1];
            // As wide as a head can be, which is one copy without a question; what is too much is written over.
            _heads.AsSpan(headFrom, MaxHeadBytes).CopyTo(room[length..]);
            length += _headEnds[i] - headFrom;
            length += _numbers.Write(array is null ? values[i] : array[i], room[length..]);
            BinaryPrimitives.WriteUInt32LittleEndian(room[length..], EndOfPoint);
            length += 3;
        }
        output.Advance(to == _times.Count ? length - 1 : length);
    }

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

    /// <summary>The texts of the values that came last.</summary>
    private sealed class NumberTexts
    {
        private const int Bits = 11;

        private readonly ulong[] _values = new ulong[1 << Bits];
        private readonly byte[] _lengths = new byte[1 << Bits];
        private readonly byte[] _texts = new byte[JsonNumber.MaxBytes << Bits];

        public int Write(double value, Span<byte> into)
        {
            var bits = BitConverter.DoubleToUInt64Bits(value);
            // Rates are fractions whose bits repeat: the upper ones are mixed in first, or few of them find a place of their own.
            var place = (int)(((bits ^ (bits >> 29)) * 0xBF58476D1CE4E5B9) >> (64 - Bits));
            var text = _texts.AsSpan(place * JsonNumber.MaxBytes, JsonNumber.MaxBytes);
            if (_values[place] != bits || _lengths[place] == 0)
            {
                _lengths[place] = (byte)JsonNumber.Write(value, text);
                _values[place] = bits;
            }
            text.CopyTo(into);
            return _lengths[place];
        }
    }
}
