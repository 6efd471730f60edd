namespace Pharos.Collection.Receivers.Loki.Decoding;

/// <summary>Takes what is found in a push, in its order. The spans are good during the call only.</summary>
public interface ILokiPushSink
{
    /// <summary>The entries that follow are those of the stream with these labels, which are as the client wrote them.</summary>
    void BeginStream(ReadOnlySpan<byte> labels, StreamTextForm form);

    /// <param name="timeNs">Nanoseconds since 1970.</param>
    /// <param name="line">Valid UTF-8.</param>
    void BeginEntry(long timeNs, ReadOnlySpan<byte> line);

    /// <summary>Structured metadata of the entry that was begun.</summary>
    void Metadata(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    void EndEntry();
}
