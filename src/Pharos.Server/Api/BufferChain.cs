using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Api;

/// <summary>Text that grows without being copied: buffers of the shared pool, one behind the other.</summary>
/// <remarks>Not thread-safe. Disposing gives back what was not taken.</remarks>
internal sealed class BufferChain : IBufferWriter<byte>, IDisposable
{
    private const int FirstBytes = 4 * 1024;
    private const int FurtherBytes = 64 * 1024;

    private readonly Queue<PooledBuffer> _full = [];
    private PooledBuffer? _last;
    private int _room;

    /// <summary>Bytes, of all buffers.</summary>
    public long Length { get; private set; }

    /// <summary>Puts a buffer behind what was written; it belongs to the chain from now on.</summary>
    public void Append(PooledBuffer buffer)
    {
        Close();
        _full.Enqueue(buffer);
        Length += buffer.Length;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_last is null || _room < Math.Max(1, sizeHint))
        {
            Close();
            _last = new PooledBuffer(Math.Max(sizeHint, Length == 0 ? FirstBytes : FurtherBytes));
        }
        var memory = _last.GetMemory();
        _room = memory.Length;
        return memory;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Advance(int count)
    {
        _last!.Advance(count);
        _room -= count;
        Length += count;
    }

    /// <summary>Takes the oldest buffer out; it belongs to the caller.</summary>
    public bool TryTake([NotNullWhen(true)] out PooledBuffer? buffer)
    {
        if (_full.Count == 0)
        {
            Close();
        }
        var isThere = _full.TryDequeue(out buffer);
        Length -= buffer?.Length ?? 0;
        return isThere;
    }

    public void Dispose()
    {
        while (TryTake(out var buffer))
        {
            buffer.Dispose();
        }
    }

    private void Close()
    {
        if (_last is not null)
        {
            _full.Enqueue(_last);
            _last = null;
        }
    }
}
