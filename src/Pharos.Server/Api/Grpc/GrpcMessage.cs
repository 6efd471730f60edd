using Pharos.Storage.Encoding;

namespace Pharos.Server.Api.Grpc;

/// <summary>A message that was received, in a buffer of the shared pool.</summary>
internal sealed class GrpcMessage(PooledBuffer body, int start) : IDisposable
{
    /// <summary>Not to be used after this is disposed of.</summary>
    public ReadOnlyMemory<byte> Bytes => body.Written[start..];

    public void Dispose() => body.Dispose();
}
