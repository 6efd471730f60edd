using System.IO.Compression;

namespace Pharos.Server.Api.Otlp;

/// <summary>Reads bodies of OTLP requests, unpacked, up to a bound.</summary>
internal static class OtlpBody
{
    /// <summary>Bounds what one request may unpack to; a small body can become any length.</summary>
    public const int MaxUnpackedBytes = 256 * 1024 * 1024;

    /// <param name="encoding">gzip, zstd or none.</param>
    /// <exception cref="InvalidDataException">The body is not packed so, or unpacks to more than the bound.</exception>
    /// <exception cref="NotSupportedException">Another packing.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, string encoding, CancellationToken cancellation)
    {
        if (encoding != "zstd")
        {
            return encoding is "" or "identity" or "gzip" ? await ReadAsync(body, encoding == "gzip", cancellation)
                : throw new NotSupportedException($"unsupported compression: {encoding}. Only \"gzip\", \"zstd\" or no compression supported");
        }
        var packed = await CopyAsync(body, cancellation);
        try
        {
            await using var unpacked = new ZstdSharp.DecompressionStream(new MemoryStream(packed.ToArray(), writable: false));
            return await CopyAsync(unpacked, cancellation);
        }
        catch (ZstdSharp.ZstdException e)
        {
            throw new InvalidDataException($"the body is no zstd: {e.Message}", e);
        }
    }

    /// <exception cref="InvalidDataException">The body is no gzip, or unpacks to more than the bound.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, bool gzip, CancellationToken cancellation)
    {
        if (!gzip)
        {
            return await CopyAsync(body, cancellation);
        }
        await using var unpacked = new GZipStream(body, CompressionMode.Decompress, leaveOpen: true);
        return await CopyAsync(unpacked, cancellation);
    }

    private static async Task<ReadOnlyMemory<byte>> CopyAsync(Stream body, CancellationToken cancellation)
    {
        var copy = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (copy.Length + read > MaxUnpackedBytes)
            {
                throw new InvalidDataException($"the body unpacks to more than {MaxUnpackedBytes} bytes");
            }
            copy.Write(buffer, 0, read);
        }
        return copy.GetBuffer().AsMemory(0, (int)copy.Length);
    }
}
