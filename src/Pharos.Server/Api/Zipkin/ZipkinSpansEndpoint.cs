using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Traces;
using Pharos.Collection.Receivers.Zipkin;
using Pharos.Server.Api.Loki;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Api.Zipkin;

/// <summary><c>POST /api/v2/spans</c> (JSON and protobuf) and <c>POST /api/v1/spans</c> (JSON and Thrift), answered as Jaeger and Zipkin do:
/// 202 when all is stored, 400 for a body that is no list of spans, of which nothing is stored.</summary>
internal sealed class ZipkinSpansEndpoint(ZipkinReceiver receiver, ILogger logger)
{
    private const string Thrift = "application/x-thrift";
    private const string Protobuf = "application/x-protobuf";

    public Task AnswerAsync(HttpContext context) => AnswerAsync(
        context, type => type is Protobuf or "application/protobuf" ? receiver.ReceiveProtobuf : receiver.ReceiveJson);

    public Task AnswerV1Async(HttpContext context) => AnswerAsync(
        context, type => type is Thrift or "application/vnd.apache.thrift.binary" ? receiver.ReceiveV1Thrift : receiver.ReceiveV1Json);

    /// <summary>What is neither protobuf nor Thrift is taken for JSON, whatever it is called: the body decides.</summary>
    private async Task AnswerAsync(HttpContext context, Func<string, Func<ReadOnlyMemory<byte>, SpanIntakeOutcome>> reading)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        try
        {
            using var body = await ReadAsync(context.Request, context.RequestAborted);
            var outcome = await Task.Run(() => reading(type)(body.Written), context.RequestAborted);
            if (outcome.Retry)
            {
                await LokiReply.RefuseAsync(
                    context, StatusCodes.Status500InternalServerError, $"Cannot submit Zipkin batch: {outcome.Message}");
                return;
            }
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            await LokiReply.RefuseAsync(context, StatusCodes.Status400BadRequest, $"Unable to process request body: {e.Message}");
        }
        catch (IOException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            logger.LogError(e, "Spans of Zipkin's clients cannot be stored");
            await LokiReply.RefuseAsync(context, StatusCodes.Status500InternalServerError, $"Cannot submit Zipkin batch: {e.Message}");
        }
    }

    private static async Task<PooledBuffer> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var encoding = request.Headers.ContentEncoding.ToString().ToLowerInvariant();
        if (encoding is not ("deflate" or "zlib"))
        {
            return await WholeBody.ReadAsync(request, encoding, cancellation);
        }
        await using var unpacked = new ZLibStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
        return await WholeBody.ReadAsync(unpacked, "", cancellation);
    }
}
