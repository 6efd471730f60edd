using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Pharos.Server.Tests.Api;

/// <summary>An HTTP server inside a test, on a free port of the loopback. Its end cuts what is not answered yet.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    /// <param name="answer">Answers every request, many at once; what it throws cuts the connection.</param>
    public LoopbackServer(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, 0);
        });
        _application = builder.Build();
        _application.Run(context => AnswerAsync(answer, context));
        _application.Start();
        Authority = new Uri(_application.Urls.Single()).Authority;
    }

    /// <summary>Host and port.</summary>
    public string Authority { get; }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task AnswerAsync(RequestDelegate answer, HttpContext context)
    {
        try
        {
            await answer(context);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client was killed in the middle of its request, or the test ended.
            context.Abort();
        }
    }
}
