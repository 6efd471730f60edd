using Microsoft.AspNetCore.Http;
using Pharos.Collection.Receivers.RemoteWrite;

namespace Pharos.Server.Api.Prometheus;

/// <summary><c>POST /api/v1/write</c>: 204 when all is stored, 400 for what a repeat cannot help, 500 when it can.</summary>
internal sealed class RemoteWriteEndpoint(RemoteWriteReceiver? receiver)
{
    private const string Protobuf = "application/x-protobuf";

    public async Task AnswerAsync(HttpContext context)
    {
        if (receiver is null)
        {
            await RefuseAsync(
                context, StatusCodes.Status404NotFound,
                "remote write receiver needs to be enabled with --web.enable-remote-write-receiver");
            return;
        }
        var type = context.Request.ContentType ?? Protobuf;
        if (!type.StartsWith(Protobuf, StringComparison.OrdinalIgnoreCase)
            || type.Contains("io.prometheus.write.v2", StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(
                context, StatusCodes.Status415UnsupportedMediaType,
                $"Content-Type {type} is not supported; this server takes remote write 1.0 as {Protobuf}");
            return;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        var outcome = await Task.Run(() => receiver.Receive(bytes.Span), context.RequestAborted);
        if (outcome.Reason.Length > 0)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, outcome.Reason);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason + "\n", context.RequestAborted);
    }
}
