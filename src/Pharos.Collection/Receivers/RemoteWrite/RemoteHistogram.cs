using Pharos.Collection.Protobuf;
using Pharos.Storage.Histograms;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Reads the message <c>Histogram</c>, whose fields are the same in both versions of the protocol.</summary>
internal static class RemoteHistogram
{
    /// <returns>The histogram, or null with what is wrong with it; and its times in milliseconds.</returns>
    public static (long TimestampMs, NativeHistogram? Histogram, string? Problem, long StartTimeMs) Read(
        ReadOnlySpan<byte> message, HistogramAssembly into)
    {
        into.Clear();
        var (timestampMs, startTimeMs) = (0L, 0L);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    into.Count = fields.UInt64();
                    break;
                case 2:
                    into.Count = fields.Double();
                    into.HasFloatCounts = true;
                    break;
                case 3:
                    into.Sum = fields.Double();
                    break;
                case 4:
                    into.Schema = fields.SInt32();
                    break;
                case 5:
                    into.ZeroThreshold = fields.Double();
                    break;
                case 6:
                    into.ZeroCount = fields.UInt64();
                    break;
                case 7:
                    into.ZeroCount = fields.Double();
                    break;
                case 14:
                    into.ResetHint = (CounterResetHint)(fields.UInt64() & 3);
                    break;
                case 15:
                    timestampMs = fields.Int64();
                    break;
                case 17:
                    startTimeMs = fields.Int64();
                    break;
                default:
                    ReadBuckets(field, ref fields, into);
                    break;
            }
        }
        var histogram = into.Build(out var problem);
        return (timestampMs, histogram, problem, startTimeMs);
    }

    private static void ReadBuckets(int field, ref ProtobufReader fields, HistogramAssembly into)
    {
        switch (field)
        {
            case 8:
                HistogramAssembly.AddSpan(into.NegativeSpans, fields.Bytes());
                break;
            case 9:
                fields.SInt64s(into.NegativeDeltas);
                break;
            case 10:
                fields.Doubles(into.NegativeCounts);
                break;
            case 11:
                HistogramAssembly.AddSpan(into.PositiveSpans, fields.Bytes());
                break;
            case 12:
                fields.SInt64s(into.PositiveDeltas);
                break;
            case 13:
                fields.Doubles(into.PositiveCounts);
                break;
            case 16:
                fields.Doubles(into.CustomBounds);
                break;
            default:
                fields.Skip();
                break;
        }
    }
}
