using System.Net;

namespace Pharos.Alerting.Receivers;

/// <summary>A body that is written only if it may still be sent when the connection is there: the process may have stood still for a
/// minute since it was asked last.</summary>
internal sealed class LastMomentContent(byte[] body, Func<bool> maySend) : HttpContent
{
    /// <exception cref="IOException">It may not: the connection is closed, and whoever listens has no request.</exception>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => maySend()
        ? stream.WriteAsync(body, cancellationToken).AsTask()
        : throw new IOException("another node sends this by now");

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
