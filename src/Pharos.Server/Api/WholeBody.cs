using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Api;

/// <summary>Reads bodies whole, unpacked, up to a bound, into buffers of the shared pool: the caller gives them back.</summary>
internal static class WholeBody
{
    /// <summary>Bounds what one request may unpack to; a small body can become any length.</summary>
    public const int MaxUnpackedBytes = 256 * 1024 * 1024;

    /// <summary>The length that a client claims is believed only as far as is cheap.</summary>
    private const int MaxClaimedBytes = 8 << 20;

    private const int UnclaimedBytes = 64 << 10;

    /// <summary>As <see cref="ReadAsync(Stream, string, CancellationToken)"/>, by the request's <c>Content-Encoding</c>.</summary>
    public static Task<PooledBuffer> ReadAsync(HttpRequest request) =>
        ReadAsync(request, request.Headers.ContentEncoding.ToString(), request.HttpContext.RequestAborted);

    /// <inheritdoc cref="ReadAsync(Stream, string, CancellationToken)"/>
    public static Task<PooledBuffer> ReadAsync(HttpRequest request, string encoding, CancellationToken cancellation) =>
        encoding is "" or "identity" ? ReadAsync(request, MaxUnpackedBytes, cancellation) : ReadAsync(request.Body, encoding, cancellation);

    /// <summary>Reads a body as it came.</summary>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="maxBytes"/>.</exception>
    public static Task<PooledBuffer> ReadAsync(HttpRequest request, long maxBytes, CancellationToken cancellation) =>
        // One byte more, so that the end shows without a wider buffer.
        CopyAsync(request.Body, (int)Math.Min(request.ContentLength ?? UnclaimedBytes, MaxClaimedBytes) + 1, maxBytes, cancellation);

    /// <param name="encoding">gzip, zstd or none.</param>
    /// <exception cref="InvalidDataException">The body is not packed so, or unpacks to more than the bound.</exception>
    /// <exception cref="NotSupportedException">Another packing.</exception>
    public static async Task<PooledBuffer> ReadAsync(Stream body, string encoding, CancellationToken cancellation)
    {
        switch (encoding)
        {
            case "" or "identity":
                return await CopyAsync(body, UnclaimedBytes, MaxUnpackedBytes, cancellation);
            case "gzip":
                await using (var unpacked = new GZipStream(body, CompressionMode.Decompress, leaveOpen: true))
                {
                    return await CopyAsync(unpacked, UnclaimedBytes, MaxUnpackedBytes, cancellation);
                }
            case "zstd":
                return await UnpackZstdAsync(body, cancellation);
            default:
                throw new NotSupportedException($"unsupported compression: {encoding}. Only \"gzip\", \"zstd\" or no compression supported");
        }
    }

    private static async Task<PooledBuffer> UnpackZstdAsync(Stream body, CancellationToken cancellation)
    {
        using var packed = await CopyAsync(body, UnclaimedBytes, MaxUnpackedBytes, cancellation);
        try
        {
            await using var unpacked = new ZstdSharp.DecompressionStream(new MemoryStream(packed.Written.ToArray(), writable: false));
            return await CopyAsync(unpacked, UnclaimedBytes, MaxUnpackedBytes, cancellation);
        }
        catch (ZstdSharp.ZstdException e)
        {
            throw new InvalidDataException($"the body is no zstd: {e.Message}", e);
        }
    }

    private static async Task<PooledBuffer> CopyAsync(Stream body, int expectedBytes, long maxBytes, CancellationToken cancellation)
    {
        var copy = new PooledBuffer(expectedBytes);
        try
        {
            int read;
            while ((read = await body.ReadAsync(copy.Space(), cancellation)) > 0)
            {
                copy.Advance(read);
                if (copy.Length > maxBytes)
                {
                    throw new InvalidDataException($"the body has more than {maxBytes} bytes");
                }
            }
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
