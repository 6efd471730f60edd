using Pharos.Collection.Protobuf;
using Pharos.Collection.RemoteStorage.Wire;

namespace Pharos.Server.Api.Grpc;

/// <summary>Protobuf's <c>Timestamp</c> and <c>Duration</c>: seconds and nanoseconds, written alike.</summary>
internal static class GrpcTimes
{
    private const long NsPerSecond = 1_000_000_000;

    public static long Read(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        var (seconds, nanos) = (0L, 0L);
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    seconds = reader.Int64();
                    break;
                case 2:
                    nanos = reader.Int64();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return (long)Int128.Clamp(((Int128)seconds * NsPerSecond) + nanos, long.MinValue, long.MaxValue);
    }

    public static void Write(ProtobufWriter writer, int field, long nanoseconds)
    {
        var seconds = Math.DivRem(nanoseconds, NsPerSecond, out var rest);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + NsPerSecond);
        }
        var mark = writer.Begin(field);
        writer.Int64(1, seconds);
        writer.Int64(2, rest);
        writer.End(mark);
    }
}
