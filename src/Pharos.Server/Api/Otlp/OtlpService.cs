using System.Buffers.Binary;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Otlp;
using Pharos.Server.Api.Loki;

namespace Pharos.Server.Api.Otlp;

/// <summary>OTLP over gRPC: one unary method for each signal, so its few rules stand here and no framework is needed.</summary>
/// <remarks>A message is a byte that says whether it is compressed, its length (32 bits, big-endian) and its bytes; the outcome is
/// in the trailers. github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md.</remarks>
internal sealed class OtlpService(string signal, Func<HttpContext, ReadOnlyMemory<byte>, OtlpOutcome> receive, ILogger logger)
{
    public const string MetricsPath = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    public const string LogsPath = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

    private const int FrameHeaderBytes = 5;

    // Status codes of gRPC.
    private const int Ok = 0;
    private const int InvalidArgument = 3;
    private const int ResourceExhausted = 8;
    private const int Unimplemented = 12;
    private const int Internal = 13;
    private const int Unavailable = 14;
    private const int Unauthenticated = 16;

    public async Task AnswerAsync(HttpContext context)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-accept-encoding"] = "identity,gzip";
        var encoding = context.Request.Headers["grpc-encoding"].ToString();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            await EndAsync(context, Unimplemented, $"grpc: Decompressor is not installed for grpc-encoding \"{encoding}\"");
            return;
        }
        try
        {
            var message = await ReadAsync(context, encoding == "gzip");
            var outcome = await Task.Run(() => receive(context, message), context.RequestAborted);
            await WriteAsync(context, OtlpReply.Success(outcome, json: false));
            await EndAsync(context, Ok, "");
        }
        catch (InvalidDataException e)
        {
            await EndAsync(context, InvalidArgument, e.Message);
        }
        catch (LokiRefusal e)
        {
            await EndAsync(context, e.Status switch { 401 => Unauthenticated, 429 => ResourceExhausted, 503 => Unavailable, _ => InvalidArgument }, e.Message);
        }
        catch (IOException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The sender keeps what it has, and tries again.
            logger.LogError(e, "What came by OTLP cannot be stored: {Signal}", signal);
            await EndAsync(context, Unavailable, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "An OTLP request failed");
            await EndAsync(context, Internal, "internal error");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, bool gzip)
    {
        var body = await OtlpBody.ReadAsync(context.Request.Body, gzip: false, context.RequestAborted);
        if (body.Length < FrameHeaderBytes || BinaryPrimitives.ReadUInt32BigEndian(body.Span[1..]) != body.Length - FrameHeaderBytes)
        {
            throw new InvalidDataException("the request is not one gRPC message");
        }
        var message = body[FrameHeaderBytes..];
        return body.Span[0] switch
        {
            0 => message,
            1 when gzip => await OtlpBody.ReadAsync(new MemoryStream(message.ToArray()), gzip: true, context.RequestAborted),
            _ => throw new InvalidDataException("grpc: compressed flag set with identity or empty encoding"),
        };
    }

    private static async Task WriteAsync(HttpContext context, byte[] message)
    {
        var frame = new byte[FrameHeaderBytes + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, FrameHeaderBytes);
        await context.Response.Body.WriteAsync(frame, context.RequestAborted);
    }

    private static async Task EndAsync(HttpContext context, int status, string message)
    {
        await context.Response.StartAsync(context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", status.ToString(CultureInfo.InvariantCulture));
        if (message.Length > 0)
        {
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
        }
        await context.Response.CompleteAsync();
    }
}
