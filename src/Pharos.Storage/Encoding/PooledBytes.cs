using System.Buffers;

namespace Pharos.Storage.Encoding;

/// <summary>Bytes in a buffer of the shared pool, for messages of a size that the garbage collector would feel.</summary>
/// <remarks>Disposing gives the buffer back; the span is not to be used after that.</remarks>
public sealed class PooledBytes(int length) : IDisposable
{
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(length);

    public Span<byte> Span => (_buffer ?? throw new ObjectDisposedException(nameof(PooledBytes))).AsSpan(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
