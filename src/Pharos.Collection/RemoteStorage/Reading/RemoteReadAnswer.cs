namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>A request that was understood, and will be answered in one of the two forms.</summary>
public sealed class RemoteReadAnswer
{
    private readonly Func<Stream, CancellationToken, Task> _write;

    internal RemoteReadAnswer(ReadResponseType type, Func<Stream, CancellationToken, Task> write)
    {
        _write = write;
        (ContentType, ContentEncoding) = type is ReadResponseType.Samples
            ? ("application/x-protobuf", "snappy") : ("application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse", null);
    }

    public string ContentType { get; }

    /// <summary>Null where the body is as it is.</summary>
    public string? ContentEncoding { get; }

    /// <exception cref="RemoteReadException">A limit is exceeded; nothing has been written then.</exception>
    public Task WriteAsync(Stream output, CancellationToken cancellation) => _write(output, cancellation);
}
