namespace Pharos.Collection.Receivers.Thrift;

/// <summary>How the readers take bytes, and say that some are missing.</summary>
internal static class ThriftEnd
{
    /// <summary>Go's words for bytes that end early.</summary>
    public const string CutShort = "unexpected EOF";

    public static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest, int count)
    {
        if (rest.Length < count)
        {
            throw new InvalidDataException(CutShort);
        }
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
