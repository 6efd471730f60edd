using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pharos.Cli.Demo;

/// <summary>Speaks what Slack's webhooks, PagerDuty's Events v2 and generic webhooks speak, and keeps what it hears.</summary>
internal sealed class HttpSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SinkMessages _messages;

    private HttpSink(WebApplication app, SinkMessages messages)
    {
        _app = app;
        _messages = messages;
        app.MapPost("/slack", SlackAsync);
        app.MapPost("/v2/enqueue", PagerDutyAsync);
        app.MapPost("/webhook", WebhookAsync);
    }

    public static async Task<HttpSink> StartAsync(int port, SinkMessages messages)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var sink = new HttpSink(builder.Build(), messages);
        await sink._app.StartAsync();
        return sink;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task SlackAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } body)
        {
            await RefuseAsync(context, "invalid_payload");
            return;
        }
        var attachment = (body["attachments"] as JsonArray)?.FirstOrDefault() as JsonObject;
        _messages.Add(
            "slack", Text(attachment, "title"), Text(attachment, "text") is { Length: > 0 } text ? text : Text(body, "text"),
            Text(attachment, "color") == "good" ? "resolved" : "firing", Text(body, "channel"), body);
        await context.Response.WriteAsync("ok", context.RequestAborted);
    }

    private async Task PagerDutyAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        if (body is null || Text(body, "routing_key").Length == 0 || Text(body, "event_action").Length == 0)
        {
            await RefuseAsync(context, """{"status":"invalid event","message":"Event object is invalid"}""");
            return;
        }
        _messages.Add(
            "pagerduty", Text(body["payload"] as JsonObject, "summary"), Text(body, "event_action"),
            Text(body, "event_action") == "resolve" ? "resolved" : "firing", "PagerDuty", WithoutKey(body));
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        await context.Response.WriteAsJsonAsync(
            new JsonObject
            {
                ["status"] = "success",
                ["message"] = "Event processed",
                ["dedup_key"] = Text(body, "dedup_key"),
            },
            context.RequestAborted);
    }

    private async Task WebhookAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } body)
        {
            await RefuseAsync(context, "invalid JSON");
            return;
        }
        _messages.Add(
            "webhook", Text(body, "groupKey"), $"{(body["alerts"] as JsonArray)?.Count ?? 0} alerts", Text(body, "status"),
            Text(body, "receiver"), body);
    }

    private static async Task<JsonObject?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task RefuseAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync(why, context.RequestAborted);
    }

    /// <summary>The routing key is a secret, here as everywhere.</summary>
    private static JsonObject WithoutKey(JsonObject body)
    {
        body["routing_key"] = "<secret>";
        return body;
    }

    private static string Text(JsonObject? node, string name) =>
        node?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
