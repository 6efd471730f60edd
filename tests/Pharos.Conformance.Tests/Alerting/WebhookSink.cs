using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Tests.Api;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>Real webhooks, one for each path, that answer as the test says and keep what they took.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    public WebhookSink() => _server = new LoopbackServer(TakeAsync);

    public string Authority => _server.Authority;

    /// <summary>What was answered with 200: when it came, at which path, and what it said.</summary>
    public ConcurrentQueue<(DateTimeOffset At, string Path, JsonNode Message)> Taken { get; } = new();

    /// <summary>Asked for the status of each answer; null for none, the connection is cut.</summary>
    public Func<string, JsonNode, Task<int?>> Answer { get; set; } = static (_, _) => Task.FromResult<int?>(200);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var (at, path) = (DateTimeOffset.UtcNow, context.Request.Path.Value!);
        var message = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        var status = await Answer(path, message);
        if (status is null)
        {
            context.Abort();
            return;
        }
        if (status == 200)
        {
            Taken.Enqueue((at, path, message));
        }
        context.Response.StatusCode = status.Value;
    }
}
