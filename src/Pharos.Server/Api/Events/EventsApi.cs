using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Server.Api.Alertmanager;

namespace Pharos.Server.Api.Events;

/// <summary>Alerts from senders that are no Prometheus: PagerDuty's Events API v2, and a webhook.</summary>
internal sealed class EventsApi(EventIntake intake, ChangeEvents changes)
{
    public const string PagerDutyPath = "/v2/enqueue";
    public const string ChangePath = "/v2/change/enqueue";

    /// <summary>PagerDuty's.</summary>
    private const int MaxEventBytes = 512 * 1024;

    private const int MaxWebhookBytes = 8 * 1024 * 1024;
    private const string NotStored = "the state cannot be written, see the log; what was sent is kept in memory alone: send it again";
    private const string Full = "there is no room for more alerts; resolved ones make some";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(PagerDutyPath, ["POST"], (RequestDelegate)EnqueueAsync);
        routes.MapMethods(ChangePath, ["POST"], (RequestDelegate)EnqueueChangeAsync);
        routes.MapMethods("/api/pharos/webhook", ["POST"], (RequestDelegate)WebhookAsync);
    }

    private delegate T? EventReader<T>(JsonElement body, out IReadOnlyList<string> errors);

    /// <returns>The event, or null where it was refused.</returns>
    private static async Task<T?> ReadEventAsync<T>(HttpContext context, EventReader<T> read)
        where T : class
    {
        T? taken;
        IReadOnlyList<string> errors;
        try
        {
            BodyReader.RequireJson(context);
            using var body = await JsonBody.ReadAsync(context, MaxEventBytes);
            using var json = BodyReader.Parse(body);
            taken = read(json.RootElement, out errors);
        }
        catch (SchemaException e)
        {
            await RefuseEventAsync(context, e.Code, [e.Message]);
            return null;
        }
        if (taken is null)
        {
            await RefuseEventAsync(context, StatusCodes.Status400BadRequest, errors);
        }
        return taken;
    }

    private async Task EnqueueChangeAsync(HttpContext context)
    {
        if (await ReadEventAsync<PagerDutyChange>(context, PagerDutyEventReader.ReadChange) is not { } change)
        {
            return;
        }
        await (changes.Keep(change) is { } problem ? RefuseEventAsync(context, StatusCodes.Status400BadRequest, [problem])
            : AnswerEventAsync(context, StatusCodes.Status202Accepted, "success", "Change event processed"));
    }

    private async Task EnqueueAsync(HttpContext context)
    {
        if (await ReadEventAsync<PagerDutyEvent>(context, PagerDutyEventReader.Read) is not { } taken)
        {
            return;
        }
        var result = await intake.TakeAsync(taken);
        if (result.IsFull)
        {
            await AnswerEventAsync(context, StatusCodes.Status429TooManyRequests, "throttle exceeded", Full);
        }
        else if (!result.IsDurable)
        {
            await AnswerEventAsync(context, StatusCodes.Status500InternalServerError, "error", NotStored);
        }
        else if (result.Errors.Count > 0)
        {
            await RefuseEventAsync(context, StatusCodes.Status400BadRequest, result.Errors);
        }
        else
        {
            await AnswerEventAsync(context, StatusCodes.Status202Accepted, "success", "Event processed", taken.DedupKey);
        }
    }

    private static Task RefuseEventAsync(HttpContext context, int status, IReadOnlyList<string> errors) =>
        AnswerEventAsync(context, status, "invalid event", "Event object is invalid", errors: errors);

    private static Task AnswerEventAsync(
        HttpContext context, int code, string status, string message, string dedupKey = "", IReadOnlyList<string>? errors = null) =>
        AlertmanagerReply.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("status", status);
                json.WriteString("message", message);
                if (dedupKey.Length > 0)
                {
                    json.WriteString("dedup_key", dedupKey);
                }
                if (errors is not null)
                {
                    JsonForms.WriteStrings(json, "errors", errors);
                }
                json.WriteEndObject();
            },
            code);

    /// <summary>Good alerts are taken beside bad ones.</summary>
    private async Task WebhookAsync(HttpContext context)
    {
        IReadOnlyList<WebhookAlert> alerts;
        var errors = new List<string>();
        try
        {
            BodyReader.RequireJson(context);
            using var body = await JsonBody.ReadAsync(context, MaxWebhookBytes);
            using var json = BodyReader.Parse(body);
            alerts = WebhookBody.Read(json.RootElement, errors);
        }
        catch (SchemaException e)
        {
            await RefuseWebhookAsync(context, e.Code < 600 ? e.Code : StatusCodes.Status400BadRequest, e.Message);
            return;
        }
        var result = await intake.TakeAsync(alerts);
        errors.AddRange(result.Errors);
        if (result.IsFull)
        {
            await RefuseWebhookAsync(context, StatusCodes.Status429TooManyRequests, Full);
            return;
        }
        if (!result.IsDurable)
        {
            await RefuseWebhookAsync(context, StatusCodes.Status500InternalServerError, NotStored);
            return;
        }
        if (errors.Count > 0)
        {
            var good = alerts.Count - result.Errors.Count;
            await RefuseWebhookAsync(
                context, StatusCodes.Status400BadRequest, $"{string.Join("; ", errors)} (alerts in order, and taken: {good})");
            return;
        }
        await AlertmanagerReply.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("firing", result.FiringCount);
            json.WriteNumber("resolved", result.ResolvedCount);
            json.WriteNumber("ignored", result.IgnoredCount);
            json.WriteEndObject();
        });
    }

    private static Task RefuseWebhookAsync(HttpContext context, int status, string error) => AlertmanagerReply.WriteAsync(
        context,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("error", error);
            json.WriteEndObject();
        },
        status);
}
