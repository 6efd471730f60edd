using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;

namespace Pharos.Server.Tests.Api;

/// <summary>Catches what a webhook receiver is sent.</summary>
internal sealed class WebhookSink : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpListener _listener = new();
    private readonly Channel<JsonElement> _messages = Channel.CreateBounded<JsonElement>(100);

    public WebhookSink()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = ListenAsync();
    }

    public string Url { get; }

    public async Task<JsonElement> NextAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        return await _messages.Reader.ReadAsync(deadline.Token);
    }

    public void Dispose() => _listener.Close();

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = await JsonDocument.ParseAsync(context.Request.InputStream);
                await _messages.Writer.WriteAsync(body.RootElement.Clone());
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
        }
    }
}
