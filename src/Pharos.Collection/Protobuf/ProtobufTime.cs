namespace Pharos.Collection.Protobuf;

/// <summary>Reads <c>google.protobuf.Timestamp</c> and <c>Duration</c>: int64 seconds = 1, int32 nanos = 2.</summary>
/// <exception cref="InvalidDataException">Thrown by every method where the bytes are no such message.</exception>
public static class ProtobufTime
{
    private const long NsPerSecond = 1_000_000_000;

    public static (long Seconds, int Nanoseconds) Read(ReadOnlySpan<byte> message)
    {
        var (seconds, nanoseconds) = (0L, 0);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    seconds = fields.Int64();
                    break;
                case 2:
                    nanoseconds = (int)fields.Int64();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return (seconds, nanoseconds);
    }

    /// <summary>In nanoseconds; what they cannot hold ends at their limit.</summary>
    public static long ReadNs(ReadOnlySpan<byte> message)
    {
        var (seconds, nanoseconds) = Read(message);
        return (long)Int128.Clamp(((Int128)seconds * NsPerSecond) + nanoseconds, long.MinValue, long.MaxValue);
    }
}
