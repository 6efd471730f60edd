using Pharos.Collection.RemoteStorage.Wire;

namespace Pharos.Server.Api.Grpc;

/// <summary>Writes protobuf's <c>Timestamp</c> and <c>Duration</c>, which are alike: seconds and nanoseconds.</summary>
internal static class GrpcTimes
{
    private const long NsPerSecond = 1_000_000_000;

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
