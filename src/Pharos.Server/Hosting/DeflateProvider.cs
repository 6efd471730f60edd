using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace Pharos.Server.Hosting;

/// <summary>The coding that HTTP calls <c>deflate</c>: zlib's format, for clients that do not ask for gzip.</summary>
internal sealed class DeflateProvider : ICompressionProvider
{
    public string EncodingName => "deflate";

    public bool SupportsFlush => true;

    public Stream CreateStream(Stream outputStream) =>
        new ZLibStream(outputStream, CompressionLevel.Fastest, leaveOpen: true);
}
