using System.Buffers;

namespace Pharos.Storage.Encoding;

/// <summary>Bytes whose number shows only while they come, in a buffer of the shared pool.</summary>
/// <remarks>Not thread-safe. Disposing gives the buffer back; what was handed out is not to be used after that.</remarks>
/// <param name="expectedBytes">The buffer's first size. What comes beyond it is copied.</param>
public sealed class PooledBuffer(int expectedBytes) : IBufferWriter<byte>, IDisposable
{
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(expectedBytes);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => Buffer.AsMemory(0, Length);

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(PooledBuffer));

    /// <summary>Forgets what was written.</summary>
    public void Clear() => Length = 0;

    /// <summary>Room for more bytes behind those written, never empty; follow it with <see cref="Advance"/>.</summary>
    public Memory<byte> Space() => GetMemory();

    /// <summary>As <see cref="Space"/>, with room for at least so many.</summary>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = Length + Math.Max(1, sizeHint);
        var full = Buffer;
        if (needed > full.Length)
        {
            var wider = ArrayPool<byte>.Shared.Rent(Math.Max(needed, full.Length * 2));
            Written.Span.CopyTo(wider);
            _buffer = wider;
            ArrayPool<byte>.Shared.Return(full);
        }
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Notes how many bytes were written.</summary>
    public void Advance(int count) => Length += count;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
