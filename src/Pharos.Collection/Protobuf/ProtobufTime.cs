namespace Pharos.Collection.Protobuf;

/// <summary>Reads <c>google.protobuf.Timestamp</c> and <c>Duration</c>: int64 seconds = 1, int32 nanos = 2.</summary>
public static class ProtobufTime
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>In nanoseconds; what they cannot hold ends at their limit.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static long ReadNs(ReadOnlySpan<byte> message)
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
        return (long)Int128.Clamp(((Int128)seconds * NsPerSecond) + nanoseconds, long.MinValue, long.MaxValue);
    }
}
