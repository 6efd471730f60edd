using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pharos.Instrumentation.Tests.Export;

/// <summary>Receives traces as an OTLP server does, and answers as a test wants.</summary>
internal sealed class OtlpDouble : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpDouble(WebApplication app) => _app = app;

    /// <summary>Answers in turn; 200 after the last.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Answers { get; } = [];

    public ConcurrentQueue<ProtoFields> Requests { get; } = [];

    public ConcurrentQueue<string> Headers { get; } = [];

    public int Attempts;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Every span that came, with the attributes of its resource and the name of its scope.</summary>
    public IEnumerable<(Dictionary<string, string> Resource, string Scope, ProtoFields Span)> Spans =>
        from request in Requests
        from resourceSpans in request.Messages(1)
        let resource = resourceSpans.Message(1).Attributes(1)
        from scopeSpans in resourceSpans.Messages(2)
        from span in scopeSpans.Messages(2)
        select (resource, scopeSpans.Message(1).Text(1), span);

    public static async Task<OtlpDouble> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new OtlpDouble(app);
        app.MapPost("/v1/traces", server.TakeAsync);
        await app.StartAsync();
        return server;
    }

    public async Task WaitForSpansAsync(int count)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Spans.Count() < count)
        {
            await Task.Delay(20, timeout.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        Interlocked.Increment(ref Attempts);
        foreach (var (name, value) in context.Request.Headers)
        {
            Headers.Enqueue($"{name}: {value}");
        }
        using var body = new MemoryStream();
        await using var input = context.Request.Headers.ContentEncoding == "gzip"
            ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        await input.CopyToAsync(body);
        if (Answers.TryDequeue(out var answer))
        {
            await answer(context);
            if (context.Response.StatusCode != 200)
            {
                return;
            }
        }
        Requests.Enqueue(new ProtoFields(body.ToArray()));
    }
}
