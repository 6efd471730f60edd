using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Silences;
using Pharos.Server.Forwarding;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Alertmanager;

/// <summary>Alertmanager's API v2, and the one call of v1 that senders still make.</summary>
/// <param name="ownSender">Marks requests that this server sent to itself.</param>
internal sealed class AlertmanagerApi(AlertingPipeline pipeline, AlertmanagerStatus status, string ownSender, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v2");
        Map(api, "GET", "/status", status.AnswerAsync);
        Map(api, "GET", "/receivers", ReceiversAsync);
        Map(api, "GET", "/alerts", AlertsAsync);
        Map(api, "POST", "/alerts", PostAlertsAsync);
        Map(api, "GET", "/alerts/groups", GroupsAsync);
        Map(api, "GET", "/silences", SilencesAsync);
        Map(api, "POST", "/silences", PostSilenceAsync);
        Map(api, "GET", "/silence/{id}", SilenceAsync);
        Map(api, "DELETE", "/silence/{id}", ExpireSilenceAsync);
        Map(routes, "POST", "/api/v1/alerts", PostOldAlertsAsync);
    }

    private static void Map(IEndpointRouteBuilder routes, string method, string path, Func<HttpContext, Task> handler) =>
        routes.MapMethods(path, [method], (RequestDelegate)(async context =>
        {
            try
            {
                await handler(context);
            }
            catch (SchemaException e)
            {
                await (e.IsRefusal ? AlertmanagerReply.RefuseAsync(context, e.Code, e.Message)
                    : AlertmanagerReply.RefuseSchemaAsync(context, e.Code, e.Message));
            }
        }));

    private Task ReceiversAsync(HttpContext context)
    {
        if (AlertFilter.Read(context.Request.Query, out var error) is not { } filter)
        {
            return AlertmanagerReply.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
        }
        var names = (pipeline.Options?.Receivers ?? []).Select(receiver => receiver.Name).Where(filter.WantsReceiver);
        return AlertmanagerReply.WriteAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var name in names)
            {
                AlertmanagerJson.WriteReceiver(json, name);
            }
            json.WriteEndArray();
        });
    }

    private Task AlertsAsync(HttpContext context)
    {
        if (AlertFilter.Read(context.Request.Query, out var error) is not { } filter)
        {
            return AlertmanagerReply.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
        }
        var alerts = pipeline.Alerts().Where(alert => filter.Wants(alert) && filter.WantsReceivers(alert.Receivers));
        return AlertmanagerReply.WriteAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var alert in alerts)
            {
                AlertmanagerJson.Write(json, alert);
            }
            json.WriteEndArray();
        });
    }

    private Task GroupsAsync(HttpContext context)
    {
        if (AlertFilter.Read(context.Request.Query, out var error) is not { } filter)
        {
            return AlertmanagerReply.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
        }
        var groups = pipeline.Groups()
            .Where(group => filter.WantsReceiver(group.Receiver)
                && (filter.Muted || group.Alerts.Any(alert => alert.State is not AlertState.Suppressed)))
            .Select(group => (Group: group, Alerts: group.Alerts.Where(filter.Wants).ToArray()))
            .Where(group => group.Alerts.Length > 0);
        return AlertmanagerReply.WriteAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var (group, alerts) in groups)
            {
                AlertmanagerJson.Write(json, group, alerts);
            }
            json.WriteEndArray();
        });
    }

    private async Task PostAlertsAsync(HttpContext context)
    {
        BodyReader.RequireJson(context);
        if (context.Request.Headers[ForwardingContext.SenderHeader] == ownSender)
        {
            // prometheus.yml names this server. The alerts are here already, and newer than what went through a queue.
            return;
        }
        var result = await pipeline.PostAsync(await ReadAlertsAsync(context));
        if (result.Errors.Count > 0)
        {
            await AlertmanagerReply.RefuseAsync(context, StatusCodes.Status400BadRequest, string.Join("; ", result.Errors));
            return;
        }
        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    private static async Task<IReadOnlyList<PostableAlert>> ReadAlertsAsync(HttpContext context)
    {
        using var body = await JsonBody.ReadAsync(context);
        return AlertListReader.Read(body);
    }

    /// <summary>The old API took the same list and answered in an envelope.</summary>
    private async Task PostOldAlertsAsync(HttpContext context)
    {
        var result = await pipeline.PostAsync(await ReadAlertsAsync(context));
        var failed = result.Errors.Count > 0;
        await AlertmanagerReply.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("status", failed ? "error" : "success");
                if (failed)
                {
                    json.WriteString("errorType", "bad_data");
                    json.WriteString("error", string.Join("; ", result.Errors));
                }
                json.WriteEndObject();
            },
            failed ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
    }

    private Task SilencesAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (AlertFilter.Matchers(query, "filter", out var error) is not { } filter)
        {
            return AlertmanagerReply.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
        }
        var now = time.GetUtcNow();
        var wanted = new HashSet<SilenceState>();
        AddWhere(wanted, AlertFilter.Flag(query, "active"), SilenceState.Active);
        AddWhere(wanted, AlertFilter.Flag(query, "pending"), SilenceState.Pending);
        AddWhere(wanted, AlertFilter.Flag(query, "expired"), SilenceState.Expired);
        var silences = pipeline.Silences.Query(filter)
            .Where(silence => silence.Receiver.Length == 0 && wanted.Contains(silence.StateAt(now)))
            .OrderBy(silence => silence, Comparer<Silence>.Create((left, right) => Compare(left, right, now)));
        return AlertmanagerReply.WriteAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var silence in silences)
            {
                AlertmanagerJson.Write(json, silence, now);
            }
            json.WriteEndArray();
        });
    }

    private static void AddWhere(HashSet<SilenceState> states, bool condition, SilenceState state)
    {
        if (condition)
        {
            states.Add(state);
        }
    }

    /// <summary>Active ones that end soonest, pending ones that begin soonest, expired ones that ended last.</summary>
    private static int Compare(Silence left, Silence right, DateTimeOffset now)
    {
        var state = left.StateAt(now);
        var byState = state.CompareTo(right.StateAt(now));
        if (byState != 0)
        {
            return byState;
        }
        return state switch
        {
            SilenceState.Active => left.EndsAt.CompareTo(right.EndsAt),
            SilenceState.Pending => left.StartsAt.CompareTo(right.StartsAt),
            _ => right.EndsAt.CompareTo(left.EndsAt),
        };
    }

    private async Task PostSilenceAsync(HttpContext context)
    {
        BodyReader.RequireJson(context);
        using var body = await JsonBody.ReadAsync(context);
        using var json = BodyReader.Parse(body, "silence");
        var silence = BodyReader.Silence(json.RootElement);
        if (silence.StartsAt >= silence.EndsAt)
        {
            await AlertmanagerReply.RefuseAsync(
                context, StatusCodes.Status400BadRequest, "Failed to create silence: start time must be before end time");
            return;
        }
        if (silence.EndsAt < time.GetUtcNow())
        {
            await AlertmanagerReply.RefuseAsync(
                context, StatusCodes.Status400BadRequest, "Failed to create silence: end time can't be in the past");
            return;
        }
        var result = pipeline.Silences.Set(silence);
        if (result.Outcome is not SilenceOutcome.Accepted)
        {
            await AlertmanagerReply.RefuseAsync(context, StatusOf(result.Outcome), result.Error);
            return;
        }
        await AlertmanagerReply.WriteAsync(context, reply =>
        {
            reply.WriteStartObject();
            reply.WriteString("silenceID", result.Id);
            reply.WriteEndObject();
        });
    }

    private Task SilenceAsync(HttpContext context)
    {
        if (pipeline.Silences.Find(IdOf(context)) is { Receiver: "" } silence)
        {
            return AlertmanagerReply.WriteAsync(context, json => AlertmanagerJson.Write(json, silence, time.GetUtcNow()));
        }
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private Task ExpireSilenceAsync(HttpContext context)
    {
        var result = pipeline.Silences.Expire(IdOf(context));
        switch (result.Outcome)
        {
            case SilenceOutcome.Accepted:
                return Task.CompletedTask;
            case SilenceOutcome.NotFound:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            default:
                return AlertmanagerReply.RefuseAsync(context, StatusCodes.Status500InternalServerError, result.Error);
        }
    }

    private static string IdOf(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        return Guid.TryParseExact(id, "D", out _) || Guid.TryParseExact(id, "N", out _) ? id
            : throw new SchemaException(601, $"silenceID in path must be of type uuid: {GoQuote.Quote(id)}");
    }

    private static int StatusOf(SilenceOutcome outcome) => outcome switch
    {
        SilenceOutcome.NotFound => StatusCodes.Status404NotFound,
        SilenceOutcome.StorageFailed => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };
}
