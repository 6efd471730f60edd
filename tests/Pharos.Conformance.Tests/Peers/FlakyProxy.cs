using System.Net;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>Stands between a sender and a receiver, and lets an outage begin and end.</summary>
internal sealed class FlakyProxy : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _target;
    private readonly Task _loop;

    public FlakyProxy(Uri target)
    {
        _target = target;
        Address = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _loop = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>What requests are answered with instead of being passed on; 0 for no outage, -1 for no answer at all.</summary>
    public int Outage { get; set; }

    public int Requests { get; private set; }

    /// <summary>Makes another body of a request's body before it is passed on.</summary>
    public Func<byte[], byte[]> Rewrite { get; set; } = body => body;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Close();
        await _loop;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                Requests++;
                _ = AnswerAsync(context);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Closed, or a client that was killed in the middle of its request.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body, _stop.Token);
            if (Outage < 0)
            {
                await Task.Delay(Timeout.Infinite, _stop.Token);
            }
            if (Outage > 0)
            {
                context.Response.StatusCode = Outage;
            }
            else
            {
                await PassOnAsync(context, Rewrite(body.ToArray()));
            }
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or HttpRequestException or OperationCanceledException or IOException)
        {
            context.Response.Abort();
        }
    }

    private async Task PassOnAsync(HttpListenerContext context, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_target, context.Request.RawUrl));
        request.Content = new ByteArrayContent(body);
        foreach (var name in context.Request.Headers.AllKeys.OfType<string>().Where(name => name is not ("Host" or "Content-Length")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]))
            {
                request.Content.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]);
            }
        }
        using var answer = await _client.SendAsync(request, _stop.Token);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        foreach (var (name, values) in answer.Headers.Where(header => header.Key.StartsWith("X-", StringComparison.Ordinal)))
        {
            context.Response.Headers[name] = string.Join(',', values);
        }
        if (answer.Content.Headers.ContentEncoding.FirstOrDefault() is { } encoding)
        {
            context.Response.Headers["Content-Encoding"] = encoding;
        }
        await context.Response.OutputStream.WriteAsync(await answer.Content.ReadAsByteArrayAsync(_stop.Token), _stop.Token);
    }
}
