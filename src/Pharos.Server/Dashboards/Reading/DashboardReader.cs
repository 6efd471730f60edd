using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pharos.Server.Dashboards.Model;

namespace Pharos.Server.Dashboards.Reading;

/// <summary>Reads Grafana's dashboard JSON in the shapes that users have it: the bare model, or wrapped in
/// <c>{"dashboard": ...}</c> as Grafana's HTTP API takes it.</summary>
public static class DashboardReader
{
    /// <summary>Bounds what a broken file can cost.</summary>
    private const int MaxPanels = 1000;

    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Whether a JSON document looks like a dashboard in any of those shapes.</summary>
    public static bool IsDashboard(JsonNode? document) => Unwrap(document) is { } model
        && (model["panels"] is JsonArray || model["rows"] is JsonArray) && model["title"] is not null;

    /// <exception cref="JsonException">The text is not JSON, or not a dashboard; the message says which and where.</exception>
    public static Dashboard Read(string json, string path)
    {
        var document = JsonNode.Parse(json, documentOptions: Lenient);
        if (!IsDashboard(document))
        {
            throw new JsonException($"{path}: not a dashboard: there is no title with panels at the top or below \"dashboard\"");
        }
        var model = Unwrap(document)!;
        var warnings = new List<string>();
        var uid = model.Text("uid") is { Length: > 0 } own ? own : HashOf(path);
        return new Dashboard
        {
            Uid = uid,
            Title = model.Text("title"),
            Tags = model.Texts("tags"),
            Timezone = model.Text("timezone", "browser"),
            Refresh = model["refresh"] is JsonValue refresh && refresh.TryGetValue<string>(out var text) ? text : "",
            Time = new DashboardTime(
                model.Object("time").Text("from", "now-6h"), model.Object("time").Text("to", "now")),
            Variables = [.. model.Object("templating").Objects("list").Select(VariableReader.Read).OfType<Variable>()],
            Panels = ReadPanels(model, warnings),
            Warnings = warnings,
        };
    }

    private static JsonObject? Unwrap(JsonNode? document) => (document as JsonObject)?["dashboard"] as JsonObject ?? document as JsonObject;

    private static List<Panel> ReadPanels(JsonObject model, List<string> warnings)
    {
        if (model["rows"] is JsonArray)
        {
            warnings.Add("rows of schema versions before 16 are not laid out yet");
        }
        var panels = new List<Panel>();
        var taken = new HashSet<int>();
        foreach (var panel in model.Objects("panels").Take(MaxPanels))
        {
            panels.Add(PanelReader.Read(panel, taken));
        }
        return panels;
    }

    private static string HashOf(string path) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(Path.GetFileName(path)))
        .ToString("x16", CultureInfo.InvariantCulture);
}
