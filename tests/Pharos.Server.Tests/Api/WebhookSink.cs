using System.Text.Json;
using System.Threading.Channels;

namespace Pharos.Server.Tests.Api;

/// <summary>Catches what a webhook receiver is sent.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly LoopbackServer _server;
    private readonly Channel<JsonElement> _messages = Channel.CreateBounded<JsonElement>(100);

    public WebhookSink() => _server = new LoopbackServer(async context =>
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        await _messages.Writer.WriteAsync(body.RootElement.Clone(), context.RequestAborted);
    });

    public string Url => $"http://{_server.Authority}/";

    public async Task<JsonElement> NextAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        return await _messages.Reader.ReadAsync(deadline.Token);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
