using System.IO.Compression;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Storage.Encoding;

namespace Pharos.Collection.Receivers.Loki;

/// <summary>Reads the body of a push as its headers say.</summary>
/// <remarks>Not thread-safe: what it needs while reading is kept for the next push.</remarks>
public sealed class LokiPushReceiver
{
    /// <summary>Bounds what one push may unpack to; Loki's <c>max_recv_msg_size</c>.</summary>
    public const int MaxUnpackedBytes = 100 << 20;

    private readonly LokiPushJson _json = new();
    private readonly LokiPushProtobuf _protobuf = new();

    /// <param name="contentType">Of the request; protobuf where it is empty, as Loki has it.</param>
    /// <param name="contentEncoding">Of the request.</param>
    /// <exception cref="InvalidDataException">The body is no push.</exception>
    /// <exception cref="NotSupportedException">It comes in a form that nobody here reads.</exception>
    public void Read(ReadOnlyMemory<byte> body, string contentType, string contentEncoding, ILokiPushSink sink)
    {
        switch (contentType.Split(';')[0].Trim().ToLowerInvariant())
        {
            case "application/json":
                using (var text = Unpack(body, contentEncoding))
                {
                    _json.Read(text is null ? body.Span : text.Written.Span, sink);
                }
                break;
            case "application/x-protobuf" or "":
                // Snappy is part of the form; some senders name it as the encoding, too.
                if (contentEncoding is not ("" or "snappy"))
                {
                    throw new NotSupportedException($"Content-Encoding {contentEncoding} not supported for protobuf");
                }
                using (var message = SnappyBlock.UnpackPooled(body.Span, MaxUnpackedBytes))
                {
                    _protobuf.Read(message.Span, sink);
                }
                break;
            default:
                throw new NotSupportedException($"Content-Type {contentType} is no form of a push: application/json or application/x-protobuf");
        }
    }

    /// <summary>Null where the body is not packed.</summary>
    /// <exception cref="InvalidDataException">It is packed wrongly.</exception>
    /// <exception cref="NotSupportedException">It is packed in a way that nobody here unpacks.</exception>
    internal static PooledBuffer? Unpack(ReadOnlyMemory<byte> body, string encoding)
    {
        switch (encoding)
        {
            case "" or "identity":
                return null;
            case "snappy":
                using (var plain = SnappyBlock.UnpackPooled(body.Span, MaxUnpackedBytes))
                {
                    var copy = new PooledBuffer(plain.Span.Length + 1);
                    plain.Span.CopyTo(copy.GetSpan(plain.Span.Length));
                    copy.Advance(plain.Span.Length);
                    return copy;
                }
            case "gzip":
                return Inflate(body, static packed => new GZipStream(packed, CompressionMode.Decompress));
            case "deflate":
                // HTTP's deflate is zlib's format; Go's servers read the bare one, and senders exist of both.
                return Inflate(body, body.Length > 1 && (body.Span[0] & 0x0f) == 8 && ((body.Span[0] << 8) + body.Span[1]) % 31 == 0
                    ? static packed => new ZLibStream(packed, CompressionMode.Decompress)
                    : static packed => new DeflateStream(packed, CompressionMode.Decompress));
            default:
                throw new NotSupportedException($"Content-Encoding {encoding} not supported: gzip, deflate, snappy or none");
        }
    }

    private static PooledBuffer Inflate(ReadOnlyMemory<byte> body, Func<Stream, Stream> open)
    {
        var plain = new PooledBuffer(Math.Min(MaxUnpackedBytes, body.Length * 4) + 1);
        try
        {
            using var packed = new MemoryStream(body.ToArray(), writable: false);
            using var stream = open(packed);
            int read;
            while ((read = stream.Read(plain.GetSpan())) > 0)
            {
                plain.Advance(read);
                if (plain.Length > MaxUnpackedBytes)
                {
                    throw new PushTooLargeException($"the body unpacks to more than {MaxUnpackedBytes} bytes");
                }
            }
            return plain;
        }
        catch
        {
            plain.Dispose();
            throw;
        }
    }
}
