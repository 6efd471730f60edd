using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Jaeger;
using Pharos.Server.Api.Loki;

namespace Pharos.Server.Api.Jaeger.Collector;

/// <summary><c>POST /api/traces</c> of Jaeger's collector: a Thrift <c>Batch</c>; 202 and nothing else when it is stored.</summary>
internal sealed class JaegerSpansEndpoint(JaegerThriftReceiver receiver, ILogger logger)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var header = context.Request.ContentType ?? "";
        if (MediaTypeProblem(header) is { } problem)
        {
            await LokiReply.RefuseAsync(context, StatusCodes.Status400BadRequest, $"Cannot parse content type: {problem}");
            return;
        }
        var type = header.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not ("application/x-thrift" or "application/vnd.apache.thrift.binary"))
        {
            await LokiReply.RefuseAsync(context, StatusCodes.Status400BadRequest, $"Unsupported content type: {WebUtility.HtmlEncode(type)}");
            return;
        }
        try
        {
            using var body = await WholeBody.ReadAsync(context.Request);
            var outcome = await Task.Run(() => receiver.Receive(body.Written), context.RequestAborted);
            if (outcome.Retry)
            {
                await LokiReply.RefuseAsync(context, StatusCodes.Status500InternalServerError, $"Cannot submit Jaeger batch: {outcome.Message}");
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
            logger.LogError(e, "Spans of Jaeger's clients cannot be stored");
            await LokiReply.RefuseAsync(context, StatusCodes.Status500InternalServerError, $"Cannot submit Jaeger batch: {e.Message}");
        }
    }

    /// <summary>What Go's <c>mime.ParseMediaType</c> says of a header; null where it can be read.</summary>
    private static string? MediaTypeProblem(string header)
    {
        var type = header.Split(';')[0].Trim();
        var first = TokenLength(type);
        if (first == 0)
        {
            return "mime: no media type";
        }
        if (first == type.Length)
        {
            return null;
        }
        if (type[first] != '/')
        {
            return "mime: expected slash after first token";
        }
        var second = TokenLength(type.AsSpan(first + 1));
        return second == 0 ? "mime: expected token after slash"
            : first + 1 + second < type.Length ? "mime: unexpected content after media subtype"
            : null;
    }

    private static int TokenLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && IsToken(text[length]))
        {
            length++;
        }
        return length;
    }

    private static bool IsToken(char c) => c is > ' ' and < '\x7f' && !"()<>@,;:\\\"/[]?=".Contains(c, StringComparison.Ordinal);
}
