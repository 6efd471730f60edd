using System.Text.Json.Nodes;
using Pharos.Server.Dashboards.Model;

namespace Pharos.Server.Dashboards.Reading;

/// <summary>Reads one entry of <c>templating.list</c>.</summary>
internal static class VariableReader
{
    private const string Separator = " : ";

    /// <returns>Null for a kind that is not known.</returns>
    public static Variable? Read(JsonObject json)
    {
        var type = json.Text("type");
        var query = json["query"] is JsonObject structured ? structured.Text("query") : json.Text("query");
        var variable = new Variable
        {
            Name = json.Text("name"),
            Label = json.Text("label"),
            Type = type,
            Multi = json.Flag("multi"),
            IncludeAll = json.Flag("includeAll"),
            AllValue = json.Text("allValue") is { Length: > 0 } all ? all : null,
            Query = query,
            Hide = json.Int("hide"),
            Current = Current(json.Object("current")),
        };
        return type switch
        {
            "query" => variable,
            "custom" or "interval" => WithOptions(variable, [.. query.Split(',').Select(Option)]),
            "textbox" or "constant" => variable with { Current = variable.Current is [] ? [query] : variable.Current },
            "datasource" => WithOptions(variable, [new VariableOption("Pharos", "pharos")]) with { Current = ["pharos"] },
            _ => null,
        };
    }

    private static Variable WithOptions(Variable variable, VariableOption[] options) => variable with
    {
        Options = options,
        Current = variable.Current is [] && options.Length > 0 ? [options[0].Value] : variable.Current,
    };

    private static VariableOption Option(string text)
    {
        var trimmed = text.Trim();
        var at = trimmed.IndexOf(Separator, StringComparison.Ordinal);
        return at < 0 ? new VariableOption(trimmed, trimmed)
            : new VariableOption(trimmed[..at].Trim(), trimmed[(at + Separator.Length)..].Trim());
    }

    private static IReadOnlyList<string> Current(JsonObject? json) => json?["value"] switch
    {
        JsonArray => json.Texts("value"),
        JsonValue value when value.ToString().Length > 0 => [value.ToString()],
        _ => [],
    };
}
