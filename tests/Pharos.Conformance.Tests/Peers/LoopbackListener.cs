using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Pharos.Server.Tests.Api;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>A target to scrape, or a place that notifications are sent to: it answers at once, and keeps what it was sent.</summary>
internal sealed class LoopbackListener : IAsyncDisposable
{
    private readonly Func<string, (string ContentType, byte[] Body)> _answer;
    private readonly LoopbackServer _server;

    /// <param name="answer">From the path of a request, with its query, to the text of its answer.</param>
    public LoopbackListener(Func<string, string> answer)
        : this(path => ("text/plain; version=0.0.4", Encoding.UTF8.GetBytes(answer(path))))
    {
    }

    /// <param name="answer">From the path of a request to its answer; of one request at a time.</param>
    public LoopbackListener(Func<string, (string ContentType, byte[] Body)> answer)
    {
        _answer = answer;
        _server = new LoopbackServer(TakeAsync);
    }

    public string Authority => _server.Authority;

    /// <summary>Path and body of every request, oldest first.</summary>
    public ConcurrentQueue<(string Path, string Body)> Requests { get; } = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var path = context.Request.GetEncodedPathAndQuery();
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        byte[] body;
        lock (_answer)
        {
            Requests.Enqueue((path, text));
            (context.Response.ContentType, body) = _answer(path);
        }
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
