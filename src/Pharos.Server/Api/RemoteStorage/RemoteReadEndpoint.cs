using Microsoft.AspNetCore.Http;
using Pharos.Collection.RemoteStorage.Reading;

namespace Pharos.Server.Api.RemoteStorage;

/// <summary><c>POST /api/v1/read</c>: remote read, as samples or as a stream of chunks.</summary>
internal sealed class RemoteReadEndpoint(RemoteReadServer server)
{
    public Task AnswerAsync(HttpContext context) =>
        server.TakeTurnAsync(() => ReadAsync(context), context.RequestAborted);

    private async Task ReadAsync(HttpContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var answer = server.Answer(body.GetBuffer().AsSpan(0, (int)body.Length));
            context.Response.ContentType = answer.ContentType;
            if (answer.ContentEncoding is { } encoding)
            {
                context.Response.Headers.ContentEncoding = encoding;
            }
            await Task.Run(() => answer.WriteAsync(context.Response.Body, context.RequestAborted), context.RequestAborted);
        }
        catch (RemoteReadException e) when (!context.Response.HasStarted)
        {
            context.Response.Headers.ContentEncoding = default;
            context.Response.StatusCode = e.Status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(e.Message + "\n", context.RequestAborted);
        }
        catch (RemoteReadException)
        {
            // A stream has begun: that it breaks off is all that can be said.
            context.Abort();
        }
    }
}
