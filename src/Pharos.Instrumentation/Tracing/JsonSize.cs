using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pharos.Instrumentation.Tracing;

/// <summary>Counts the bytes of a value as JSON without keeping them.</summary>
internal sealed class JsonSize : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[1024];
    private long _count;

    public static long Of<T>(T value, JsonTypeInfo<T> type)
    {
        var size = new JsonSize();
        using (var json = new Utf8JsonWriter(size))
        {
            JsonSerializer.Serialize(json, value, type);
        }
        return size._count;
    }

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (sizeHint > _bytes.Length)
        {
            _bytes = new byte[sizeHint];
        }
        return _bytes;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
