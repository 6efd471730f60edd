using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Server.Dashboards;
using Pharos.Server.Dashboards.Data;

namespace Pharos.Server.Api.Dashboards;

/// <summary>Dashboards and the data of their panels, ready to draw.</summary>
/// <param name="catalog">The catalog of the configuration that is in force.</param>
public sealed class DashboardEndpoints(Func<DashboardCatalog> catalog, PanelDataSource data, VariableOptions variables, TimeProvider time)
{
    /// <summary>Query variables are looked up in this much of the past where the caller names no range.</summary>
    private static readonly TimeSpan VariableRange = TimeSpan.FromHours(6);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public void Map(IEndpointRouteBuilder endpoints)
    {
        // As request delegates: binding parameters by reflection would cost every start a quarter of a second.
        endpoints.MapMethods("/api/pharos/dashboards", ["GET"], (RequestDelegate)(context =>
            Results.Json(new { dashboards = catalog().All.Select(Summary) }, Json).ExecuteAsync(context)));
        endpoints.MapMethods("/api/pharos/dashboards/{uid}", ["GET"], (RequestDelegate)(context =>
            Show(context, Uid(context)).ExecuteAsync(context)));
        endpoints.MapMethods("/api/pharos/dashboards/{uid}/panels/{id:int}/data", ["POST"], (RequestDelegate)(async context =>
        {
            var id = int.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
            await (await AnswerAsync(context, Uid(context), id)).ExecuteAsync(context);
        }));
    }

    private static string Uid(HttpContext context) => (string)context.Request.RouteValues["uid"]!;

    private static object Summary(DashboardCatalog.Entry entry) =>
        new { entry.Dashboard.Uid, entry.Dashboard.Title, entry.Dashboard.Tags, File = Path.GetFileName(entry.File) };

    private IResult Show(HttpContext context, string uid)
    {
        if (catalog().Find(uid) is not { } dashboard)
        {
            return NotFound($"there is no dashboard \"{uid}\"");
        }
        var chosen = context.Request.Query.Where(pair => pair.Key.StartsWith("var-", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key["var-".Length..],
                pair => (IReadOnlyList<string>)[.. pair.Value.OfType<string>()], StringComparer.Ordinal);
        var now = time.GetUtcNow();
        var resolved = dashboard.Variables.Select(variable => variables.Resolve(
            variable, chosen, (now - VariableRange).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), context.RequestAborted));
        return Results.Json(dashboard with { Variables = [.. resolved] }, Json);
    }

    private async Task<IResult> AnswerAsync(HttpContext context, string uid, int id)
    {
        if (catalog().Find(uid)?.FindPanel(id) is not { } panel || catalog().Find(uid) is not { } dashboard)
        {
            return NotFound($"there is no panel {id} on a dashboard \"{uid}\"");
        }
        PanelDataRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync<PanelDataRequest>(context.Request.Body, Json, context.RequestAborted);
        }
        catch (JsonException e)
        {
            return BadRequest($"the body is not the JSON that is wanted: {e.Message}");
        }
        if (request is null)
        {
            return BadRequest("the body must be an object with \"from\" and \"to\"");
        }
        if (request.Refusal() is { } refusal)
        {
            return BadRequest(refusal);
        }
        return Results.Json(data.Answer(dashboard, panel, request, context.RequestAborted), Json);
    }

    private static IResult NotFound(string error) => Results.Json(new { error }, Json, statusCode: StatusCodes.Status404NotFound);

    private static IResult BadRequest(string error) => Results.Json(new { error }, Json, statusCode: StatusCodes.Status400BadRequest);
}
