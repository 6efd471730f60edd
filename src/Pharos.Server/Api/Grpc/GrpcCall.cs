using System.Buffers.Binary;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Api.Grpc;

/// <summary>A call that sends one message: its few rules stand here, and no framework is needed.</summary>
/// <remarks>A message is a byte that says whether it is compressed, its length (32 bits, big-endian) and its bytes; the outcome is
/// in the trailers. github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md.</remarks>
internal readonly struct GrpcCall(HttpContext context)
{
    public const int FrameHeaderBytes = 5;

    /// <summary>False where the request is none of gRPC, which its status then says.</summary>
    public bool TryBegin()
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return false;
        }
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return false;
        }
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-accept-encoding"] = "identity,gzip,zstd";
        return true;
    }

    /// <exception cref="GrpcRefusal">It is compressed in a way that is not known.</exception>
    /// <exception cref="InvalidDataException">The body is not one message.</exception>
    public async Task<GrpcMessage> ReadAsync()
    {
        var encoding = context.Request.Headers["grpc-encoding"].ToString();
        if (encoding is not ("" or "identity" or "gzip" or "zstd"))
        {
            throw new GrpcRefusal(GrpcCode.Unimplemented, $"grpc: Decompressor is not installed for grpc-encoding \"{encoding}\"");
        }
        var body = await WholeBody.ReadAsync(context.Request, WholeBody.MaxUnpackedBytes, context.RequestAborted);
        if (IsOneMessage(body.Written.Span) && body.Written.Span[0] == 0)
        {
            return new GrpcMessage(body, FrameHeaderBytes);
        }
        using (body)
        {
            return new GrpcMessage(await UnpackAsync(body.Written, encoding, context.RequestAborted), 0);
        }
    }

    public async Task EndAsync(GrpcCode status, string message)
    {
        await context.Response.StartAsync(context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", ((int)status).ToString(CultureInfo.InvariantCulture));
        if (message.Length > 0)
        {
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
        }
        await context.Response.CompleteAsync();
    }

    private static bool IsOneMessage(ReadOnlySpan<byte> body) =>
        body.Length >= FrameHeaderBytes && BinaryPrimitives.ReadUInt32BigEndian(body[1..]) == body.Length - FrameHeaderBytes;

    private static async Task<PooledBuffer> UnpackAsync(ReadOnlyMemory<byte> body, string encoding, CancellationToken cancellation)
    {
        if (!IsOneMessage(body.Span))
        {
            throw new InvalidDataException("the request is not one gRPC message");
        }
        if (body.Span[0] != 1 || encoding is not ("gzip" or "zstd"))
        {
            throw new InvalidDataException("grpc: compressed flag set with identity or empty encoding");
        }
        return await WholeBody.ReadAsync(new MemoryStream(body[FrameHeaderBytes..].ToArray(), writable: false), encoding, cancellation);
    }
}
