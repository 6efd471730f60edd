using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pharos.Cli.Demo;

/// <summary>What the web interface asks for in the demo alone: the caught messages, and the application's fault switches.</summary>
internal sealed class DemoEndpoints(SinkMessages messages, Uri application) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = application, Timeout = TimeSpan.FromSeconds(10) };

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/pharos/demo/notifications", () => Results.Json(new { messages = messages.All() }));
        endpoints.MapDelete("/api/pharos/demo/notifications", () =>
        {
            messages.Clear();
            return Results.NoContent();
        });
        endpoints.MapGet("/api/pharos/demo/faults", context => ForwardAsync(context, HttpMethod.Get, "/faults"));
        endpoints.MapPut("/api/pharos/demo/faults/{name}", (HttpContext context, string name) =>
            ForwardAsync(context, HttpMethod.Put, $"/faults/{Uri.EscapeDataString(name)}"));
    }

    public void Dispose() => _client.Dispose();

    private async Task ForwardAsync(HttpContext context, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Put)
        {
            using var reader = new StreamReader(context.Request.Body);
            request.Content = new StringContent(
                await reader.ReadToEndAsync(context.RequestAborted), Encoding.UTF8, "application/json");
        }
        try
        {
            using var response = await _client.SendAsync(request, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = "application/json";
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (HttpRequestException e)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await context.Response.WriteAsJsonAsync(
                new { error = $"the reference application does not answer: {e.Message}" }, context.RequestAborted);
        }
    }
}
