using System.IO.Compression;

namespace Pharos.Server.Api.Otlp;

/// <summary>Reads bodies of OTLP requests, unpacked, up to a bound.</summary>
internal static class OtlpBody
{
    /// <summary>Bounds what one request may unpack to; a small body can become any length.</summary>
    public const int MaxUnpackedBytes = 256 * 1024 * 1024;

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
