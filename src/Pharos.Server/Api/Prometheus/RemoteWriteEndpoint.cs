using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Collection.RemoteStorage.Writing;

namespace Pharos.Server.Api.Prometheus;

/// <summary><c>POST /api/v1/write</c>: 204 when all is stored, 400 for what a repeat cannot help, 500 when it can,
/// 503 where new series are refused for a time.</summary>
/// <param name="accepted">The messages that are taken; any other is 415, by which a sender of 2.0 learns to fall back to 1.0.</param>
internal sealed class RemoteWriteEndpoint(RemoteWriteReceiver? receiver, IReadOnlyList<RemoteWriteMessage> accepted)
{
    public async Task AnswerAsync(HttpContext context)
    {
        if (receiver is null)
        {
            await RefuseAsync(
                context, StatusCodes.Status404NotFound,
                "remote write receiver needs to be enabled with --web.enable-remote-write-receiver");
            return;
        }
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("snappy", StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(
                context, StatusCodes.Status415UnsupportedMediaType,
                $"{encoding} encoding (compression) is not accepted by this server; only snappy is acceptable");
            return;
        }
        // The host bounds the length of a body.
        using var body = await WholeBody.ReadAsync(context.Request, long.MaxValue, context.RequestAborted);
        using var request = RemoteWriteReceiver.Unpack(body.Written.Span, out var corrupt);
        if (request is null)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, corrupt);
            return;
        }
        if (MessageOf(context.Request, out var fault) is not { } message)
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, fault!);
            return;
        }
        RemoteWriteOutcome outcome;
        try
        {
            outcome = receiver.Receive(request.Span, message);
        }
        catch (IOException e)
        {
            SetWritten(context.Response, message, RemoteWriteOutcome.Broken(e.Message));
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, e.Message);
            return;
        }
        SetWritten(context.Response, message, outcome);
        if (outcome.Reason.Length > 0)
        {
            await RefuseAsync(
                context, outcome.IsOverloaded ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status400BadRequest, outcome.Reason);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private RemoteWriteMessage? MessageOf(HttpRequest request, out string? fault)
    {
        if (RemoteWriteContentType.Read(request.ContentType, out fault) is not { } message)
        {
            return null;
        }
        if (!accepted.Contains(message))
        {
            fault = $"{RemoteWriteContentType.NameOf(message)} protobuf message is not accepted by this server; "
                + $"only accepts {string.Join(", ", accepted.Select(RemoteWriteContentType.NameOf))}";
            return null;
        }
        return message;
    }

    /// <summary>Protocol 2.0 tells the sender what was stored, on every answer but a 415.</summary>
    private static void SetWritten(HttpResponse response, RemoteWriteMessage message, RemoteWriteOutcome outcome)
    {
        if (message != RemoteWriteMessage.V2)
        {
            return;
        }
        foreach (var (kind, count) in ((string, int)[])[
            ("Samples", outcome.Samples), ("Histograms", outcome.Histograms), ("Exemplars", outcome.Exemplars)])
        {
            response.Headers[$"X-Prometheus-Remote-Write-{kind}-Written"] = count.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason + "\n", context.RequestAborted);
    }
}
