using System.Text;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Logs;

namespace Pharos.Server.Api.Loki.Rules;

/// <summary>Rules on logs read and changed over HTTP, in YAML.</summary>
/// <param name="reload">Puts changed files into effect; the errors where it cannot.</param>
internal sealed class RuleStoreEndpoints(LogRuleFolder rules, Func<CancellationToken, Task<IReadOnlyList<string>>> reload)
{
    private const string Yaml = "application/yaml";
    private const int MaxGroupBytes = 1 << 20;

    public void Map(LokiRoutes routes)
    {
        foreach (var root in (string[])["/loki/api/v1/rules", "/api/prom/rules"])
        {
            routes.Map(root, ListAsync, "GET");
            routes.Map($"{root}/{{space}}", ListAsync, "GET");
            routes.Map($"{root}/{{space}}/{{group}}", GroupAsync, "GET");
            routes.Map($"{root}/{{space}}", SetAsync, "POST");
            routes.Map($"{root}/{{space}}/{{group}}", RemoveAsync, "DELETE");
            routes.Map($"{root}/{{space}}", RemoveAsync, "DELETE");
        }
    }

    private Task ListAsync(LokiRequest request)
    {
        Require(request);
        var wanted = Value(request, "space");
        var found = rules.Read(request.Tenant).Where(pair => wanted is null || pair.Key == wanted).ToList();
        if (found.Count == 0)
        {
            throw new LokiRefusal(StatusCodes.Status404NotFound, "no rule groups found");
        }
        var text = new StringBuilder();
        foreach (var (space, groups) in found)
        {
            text.Append(YamlText.Quoted(space)).Append(":\n");
            foreach (var group in groups)
            {
                YamlText.WriteItem(text, group, 2);
            }
        }
        return LokiReply.TextAsync(request.Context, text.ToString(), Yaml);
    }

    private Task GroupAsync(LokiRequest request)
    {
        Require(request);
        var (space, name) = (Value(request, "space")!, Value(request, "group")!);
        if (rules.Read(request.Tenant).GetValueOrDefault(space)?.FirstOrDefault(group => LogRuleFolder.NameOf(group) == name) is not { } found)
        {
            throw new LokiRefusal(StatusCodes.Status404NotFound, "group does not exist");
        }
        var text = new StringBuilder();
        YamlText.Write(text, found);
        return LokiReply.TextAsync(request.Context, text.ToString(), Yaml);
    }

    private async Task SetAsync(LokiRequest request)
    {
        Require(request);
        var space = Value(request, "space")!;
        if (!LogRuleFolder.IsNamespace(space))
        {
            throw LokiRefusal.BadRequest("a namespace is a name of letters, digits, blanks, '-', '_' and '.'");
        }
        if (request.Context.Request.ContentLength > MaxGroupBytes)
        {
            throw new LokiRefusal(StatusCodes.Status413PayloadTooLarge, $"a rule group is larger than {MaxGroupBytes} bytes");
        }
        using var reader = new StreamReader(request.Context.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(request.Cancellation);
        if (rules.Parse(request.Tenant, text, out var problems) is not { } group)
        {
            throw LokiRefusal.BadRequest($"invalid rules config: {problems}");
        }
        CheckLimits(request, space, group);
        await ApplyAsync(request, rules.Set(request.Tenant, space, group));
    }

    private async Task RemoveAsync(LokiRequest request)
    {
        Require(request);
        if (rules.Remove(request.Tenant, Value(request, "space")!, Value(request, "group")) is not { } undo)
        {
            throw new LokiRefusal(StatusCodes.Status404NotFound, "group does not exist");
        }
        await ApplyAsync(request, undo);
    }

    private async Task ApplyAsync(LokiRequest request, Action undo)
    {
        var errors = await reload(request.Cancellation);
        if (errors.Count > 0)
        {
            undo();
            throw new LokiRefusal(StatusCodes.Status500InternalServerError, string.Join('\n', errors));
        }
        request.Context.Response.StatusCode = StatusCodes.Status202Accepted;
        request.Context.Response.ContentType = "application/json";
        await request.Context.Response.WriteAsync("""{"status":"success","data":null,"errorType":"","error":""}""", request.Cancellation);
    }

    private void CheckLimits(LokiRequest request, string space, YamlMapping group)
    {
        var limits = request.Limits;
        var count = group.Find("rules")?.Value is YamlSequence list ? list.Items.Count : 0;
        if (limits.MaxRulesPerGroup > 0 && count > limits.MaxRulesPerGroup)
        {
            throw LokiRefusal.BadRequest($"per-user rules per rule group limit (limit: {limits.MaxRulesPerGroup} actual: {count}) exceeded");
        }
        var groups = rules.Read(request.Tenant).SelectMany(static pair => pair.Value.Select(known => (pair.Key, LogRuleFolder.NameOf(known)))).ToHashSet();
        groups.Add((space, LogRuleFolder.NameOf(group)));
        if (limits.MaxRuleGroups > 0 && groups.Count > limits.MaxRuleGroups)
        {
            throw LokiRefusal.BadRequest($"per-user rule groups limit (limit: {limits.MaxRuleGroups} actual: {groups.Count}) exceeded");
        }
    }

    private static void Require(LokiRequest request)
    {
        if (!request.Config.Ruler.EnableApi)
        {
            throw new LokiRefusal(StatusCodes.Status404NotFound, "404 page not found");
        }
    }

    private static string? Value(LokiRequest request, string name) =>
        request.Context.Request.RouteValues.TryGetValue(name, out var value) && value is string text ? Uri.UnescapeDataString(text) : null;
}
