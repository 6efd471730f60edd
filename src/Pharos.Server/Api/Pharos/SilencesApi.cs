using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Silences;
using Pharos.Server.Api.Alertmanager;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Pharos;

/// <summary>Silences with what Alertmanager's API has no word for: those of one receiver, and those that come back.</summary>
/// <remarks>A silence that is found here ends by <c>DELETE /api/v2/silence/ID</c>, whatever it is.</remarks>
internal sealed class SilencesApi(AlertingPipeline pipeline, TimeProvider time)
{
    private const string Path = "/api/pharos/silences";

    public void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "GET", Path, SilencesAsync);
        Map(routes, "POST", Path, PostSilenceAsync);
        Map(routes, "GET", Path + "/recurring", RecurringAsync);
        Map(routes, "POST", Path + "/recurring", PostRecurringAsync);
        Map(routes, "GET", Path + "/recurring/{id}", FindRecurringAsync);
        Map(routes, "DELETE", Path + "/recurring/{id}", RemoveRecurringAsync);
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
                await PharosReply.RefuseAsync(
                    context, e.Code is StatusCodes.Status415UnsupportedMediaType ? e.Code : StatusCodes.Status400BadRequest, e.Message);
            }
        }));

    private Task SilencesAsync(HttpContext context)
    {
        if (AlertFilter.Matchers(context.Request.Query, "filter", out var error) is not { } filter)
        {
            return PharosReply.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
        }
        var receiver = (string?)context.Request.Query["receiver"];
        var now = time.GetUtcNow();
        var silences = pipeline.Silences.Query(filter).Where(silence => string.IsNullOrEmpty(receiver) || silence.Receiver == receiver);
        return PharosReply.WriteListAsync(context, "silences", silences, (json, silence) => SilencesJson.Write(json, silence, now));
    }

    private async Task PostSilenceAsync(HttpContext context)
    {
        var silence = await ReadAsync(context, body => BodyReader.Silence(body) with { Receiver = ReceiverOf(body) });
        await AnswerAsync(context, pipeline.Silences.Set(silence));
    }

    private Task RecurringAsync(HttpContext context)
    {
        var now = time.GetUtcNow();
        return PharosReply.WriteListAsync(
            context, "recurringSilences", pipeline.RecurringSilences.All(), (json, silence) => SilencesJson.Write(json, silence, now));
    }

    private async Task PostRecurringAsync(HttpContext context)
    {
        var silence = await ReadAsync(context, body => RecurringSilenceBody.Read(body) with { Receiver = ReceiverOf(body) });
        await AnswerAsync(context, pipeline.RecurringSilences.Set(silence));
    }

    private Task FindRecurringAsync(HttpContext context)
    {
        var id = IdOf(context);
        return pipeline.RecurringSilences.Find(id) is { } silence
            ? AlertmanagerReply.WriteAsync(context, json => SilencesJson.Write(json, silence, time.GetUtcNow()))
            : PharosReply.RefuseAsync(context, StatusCodes.Status404NotFound, $"recurring silence {id} not found");
    }

    private Task RemoveRecurringAsync(HttpContext context) => AnswerAsync(context, pipeline.RecurringSilences.Remove(IdOf(context)));

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static async Task<T> ReadAsync<T>(HttpContext context, Func<JsonElement, T> read)
    {
        BodyReader.RequireJson(context);
        using var body = await JsonBody.ReadAsync(context);
        using var json = BodyReader.Parse(body);
        return read(json.RootElement);
    }

    /// <summary>A name that the configuration in force has; a silence of nobody would be a mistake.</summary>
    private string ReceiverOf(JsonElement body)
    {
        var name = BodyReader.Text(body, "receiver", "silence") ?? "";
        return name.Length == 0 || pipeline.Options?.Receivers.Any(receiver => receiver.Name == name) == true ? name
            : throw new SchemaException(400, $"there is no receiver {GoQuote.Quote(name)}");
    }

    private static Task AnswerAsync(HttpContext context, SilenceResult result) => result.Outcome is SilenceOutcome.Accepted
        ? AlertmanagerReply.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", result.Id);
            json.WriteEndObject();
        })
        : PharosReply.RefuseAsync(
            context,
            result.Outcome switch
            {
                SilenceOutcome.NotFound => StatusCodes.Status404NotFound,
                SilenceOutcome.StorageFailed => StatusCodes.Status500InternalServerError,
                _ => StatusCodes.Status400BadRequest,
            },
            result.Error);
}
