namespace Pharos.Collection.Receivers.Thrift;

/// <summary>How the readers say that bytes are missing.</summary>
internal static class ThriftEnd
{
    /// <summary>Go's words for bytes that end early.</summary>
    public const string CutShort = "unexpected EOF";
}
