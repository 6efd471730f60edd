using Pharos.Storage.Encoding;
using ZstdSharp;

namespace Pharos.Storage.Traces.Pages;

/// <summary>Packs the frames of pages.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class FramePacker : IDisposable
{
    /// <summary>That of the log store's parts.</summary>
    private const int PackLevel = 1;

    private readonly Compressor _packer = new(PackLevel);

    public FrameSize Pack(ReadOnlySpan<byte> raw, ByteWriter into)
    {
        if (raw.IsEmpty)
        {
            return default;
        }
        var room = into.Reserve(Compressor.GetCompressBound(raw.Length));
        var size = _packer.Wrap(raw, room);
        var frame = new FrameSize(size, raw.Length, Crc32C.Of(room[..size]));
        into.Advance(size);
        return frame;
    }

    public void Dispose() => _packer.Dispose();
}
