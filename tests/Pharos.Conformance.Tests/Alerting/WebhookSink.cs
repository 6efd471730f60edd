using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Pharos.Conformance.Tests.Peers;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>Real webhooks, one for each path, that answer as the test says and keep what they took.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _loop;

    public WebhookSink()
    {
        Authority = $"127.0.0.1:{PeerProcess.FreePort()}";
        _listener.Prefixes.Add($"http://{Authority}/");
        _listener.Start();
        _loop = ServeAsync();
    }

    public string Authority { get; }

    /// <summary>What was answered with 200: when it came, at which path, and what it said.</summary>
    public ConcurrentQueue<(DateTimeOffset At, string Path, JsonNode Message)> Taken { get; } = new();

    /// <summary>Asked for the status of each answer; null for none, the connection is cut.</summary>
    public Func<string, JsonNode, Task<int?>> Answer { get; set; } = static (_, _) => Task.FromResult<int?>(200);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => TakeAsync(context));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Closed, or a client that is gone before it was heard.
            }
        }
    }

    private async Task TakeAsync(HttpListenerContext context)
    {
        try
        {
            var (at, path) = (DateTimeOffset.UtcNow, context.Request.Url!.AbsolutePath);
            var message = (await JsonNode.ParseAsync(context.Request.InputStream))!;
            var status = await Answer(path, message);
            if (status is null)
            {
                context.Response.Abort();
                return;
            }
            if (status == 200)
            {
                Taken.Enqueue((at, path, message));
            }
            context.Response.StatusCode = status.Value;
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            // The sender was killed.
        }
    }
}
