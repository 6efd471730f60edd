using System.Collections.Concurrent;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using ZstdSharp;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>Packs and unpacks the frames of parts with Zstandard.</summary>
/// <remarks>Thread-safe; keeps a few unpackers, whose memory is large, for the next caller.</remarks>
internal sealed class FrameCodec : IDisposable
{
    /// <summary>What one packed byte may unpack to at most: more is damage, not worth its memory.</summary>
    private const int MaxRatio = 50_000;

    private const int MaxKept = 16;

    private readonly ConcurrentBag<Decompressor> _unpackers = [];

    public LevelTexts Levels { get; } = new();

    /// <summary>Whether rows that were borrowed are overwritten when they come back: tests see who still reads them.</summary>
    public bool PoisonsRows { get; init; }

    /// <summary>Reads a frame into memory of its own.</summary>
    /// <exception cref="CorruptFileException">The bytes are not those that were written.</exception>
    public byte[] Read(IReadFile file, string path, in FramePlace place)
    {
        CheckRatio(path, place);
        var raw = GC.AllocateUninitializedArray<byte>(place.RawBytes);
        Read(file, path, place, raw);
        return raw;
    }

    /// <summary>Reads a frame into a buffer of the pool.</summary>
    /// <exception cref="CorruptFileException">The bytes are not those that were written.</exception>
    public PooledBytes ReadPooled(IReadFile file, string path, in FramePlace place)
    {
        CheckRatio(path, place);
        var raw = new PooledBytes(place.RawBytes);
        try
        {
            Read(file, path, place, raw.Span);
            return raw;
        }
        catch
        {
            raw.Dispose();
            throw;
        }
    }

    /// <summary>Reads a frame into memory that was got for it.</summary>
    /// <param name="raw">As long as the frame is once unpacked.</param>
    /// <exception cref="CorruptFileException">The bytes are not those that were written.</exception>
    public void Read(IReadFile file, string path, in FramePlace place, Span<byte> raw)
    {
        if (place.SizeBytes == 0)
        {
            return;
        }
        using var packed = new PooledBytes(place.SizeBytes);
        ReadChecked(file, path, place, packed.Span);
        Unpack(packed.Span, raw, path, place.Offset);
    }

    /// <summary>Whether a place is worth memory.</summary>
    /// <exception cref="CorruptFileException">It says that it unpacks to more than it can.</exception>
    public static void CheckRatio(string path, in FramePlace place)
    {
        if (place.RawBytes / MaxRatio > place.SizeBytes)
        {
            throw new CorruptFileException(path, place.Offset, $"{place.SizeBytes} bytes that say they are {place.RawBytes}");
        }
    }

    /// <summary>Reads a frame as it is in the file.</summary>
    /// <exception cref="CorruptFileException">The bytes are not those that were written.</exception>
    public static void ReadChecked(IReadFile file, string path, in FramePlace place, Span<byte> into)
    {
        file.Read(place.Offset, into);
        if (Crc32C.Of(into) != place.Checksum)
        {
            throw new CorruptFileException(path, place.Offset, "the checksum of a frame is wrong");
        }
    }

    public void Dispose()
    {
        while (_unpackers.TryTake(out var unpacker))
        {
            unpacker.Dispose();
        }
    }

    private void Unpack(ReadOnlySpan<byte> packed, Span<byte> raw, string path, long offset)
    {
        var unpacker = _unpackers.TryTake(out var kept) ? kept : new Decompressor();
        var isSound = false;
        try
        {
            var size = unpacker.Unwrap(packed, raw);
            isSound = size == raw.Length;
        }
        catch (Exception exception) when (exception is ZstdException or ArgumentException)
        {
            throw new CorruptFileException(path, offset, exception.Message);
        }
        finally
        {
            if (isSound && _unpackers.Count < MaxKept)
            {
                _unpackers.Add(unpacker);
            }
            else
            {
                unpacker.Dispose();
            }
        }
        if (!isSound)
        {
            throw new CorruptFileException(path, offset, "a frame unpacks to another length");
        }
    }
}
