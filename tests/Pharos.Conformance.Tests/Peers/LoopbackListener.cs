using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>An HTTP server inside the test: a target to scrape, or a place that notifications are sent to.</summary>
internal sealed class LoopbackListener : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<string, (string ContentType, byte[] Body)> _answer;
    private readonly Task _loop;

    /// <param name="answer">From the path of a request, with its query, to the text of its answer.</param>
    public LoopbackListener(Func<string, string> answer)
        : this(path => ("text/plain; version=0.0.4", Encoding.UTF8.GetBytes(answer(path))))
    {
    }

    /// <param name="answer">From the path of a request to its answer.</param>
    public LoopbackListener(Func<string, (string ContentType, byte[] Body)> answer)
    {
        _answer = answer;
        Authority = $"127.0.0.1:{PeerProcess.FreePort()}";
        _listener.Prefixes.Add($"http://{Authority}/");
        _listener.Start();
        _loop = ServeAsync();
    }

    public string Authority { get; }

    /// <summary>Path and body of every request, oldest first.</summary>
    public ConcurrentQueue<(string Path, string Body)> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var path = context.Request.Url!.PathAndQuery;
                Requests.Enqueue((path, await reader.ReadToEndAsync()));
                (context.Response.ContentType, var bytes) = _answer(path);
                await context.Response.OutputStream.WriteAsync(bytes);
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
            {
                // A client that was killed in the middle of its request ends only that request.
                if (!_listener.IsListening)
                {
                    return;
                }
            }
        }
    }
}
