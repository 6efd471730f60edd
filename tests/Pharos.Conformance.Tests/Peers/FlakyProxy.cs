using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Pharos.Server.Tests.Api;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>Stands between a sender and a receiver, and lets an outage begin and end.</summary>
internal sealed class FlakyProxy : IAsyncDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly Uri _target;
    private readonly LoopbackServer _server;
    private int _requests;

    public FlakyProxy(Uri target)
    {
        _target = target;
        _server = new LoopbackServer(AnswerAsync);
    }

    public Uri Address => new($"http://{_server.Authority}");

    /// <summary>What requests are answered with instead of being passed on; 0 for no outage, -1 for no answer at all.</summary>
    public int Outage { get; set; }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Makes another body of a request's body before it is passed on.</summary>
    public Func<byte[], byte[]> Rewrite { get; set; } = body => body;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (Outage < 0)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        if (Outage > 0)
        {
            context.Response.StatusCode = Outage;
            return;
        }
        try
        {
            await PassOnAsync(context, Rewrite(body.ToArray()));
        }
        catch (HttpRequestException)
        {
            // The receiver is not there.
            context.Abort();
        }
    }

    private async Task PassOnAsync(HttpContext context, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_target, context.Request.GetEncodedPathAndQuery()));
        request.Content = new ByteArrayContent(body);
        foreach (var (name, values) in context.Request.Headers.Where(header => header.Key is not ("Host" or "Content-Length")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
        using var answer = await _client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        foreach (var (name, values) in answer.Headers.Where(header => header.Key.StartsWith("X-", StringComparison.Ordinal)))
        {
            context.Response.Headers[name] = string.Join(',', values);
        }
        if (answer.Content.Headers.ContentEncoding.FirstOrDefault() is { } encoding)
        {
            context.Response.Headers.ContentEncoding = encoding;
        }
        await context.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync(context.RequestAborted), context.RequestAborted);
    }
}
