using System.Text.Json;

namespace Pharos.Alerting.Receivers.Jira;

/// <summary>A description as version 3 of the API wants it: a document in JSON
/// (developer.atlassian.com/cloud/jira/platform/apis/document/structure).</summary>
internal static class JiraDocument
{
    /// <summary>The document that a template has rendered, or else its text as paragraphs: Alertmanager refuses such a text,
    /// its own default among them, and the alert is lost.</summary>
    public static string Of(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                var json = new JsonText();
                Copy(json, document.RootElement);
                return json.ToString().TrimEnd('\n');
            }
        }
        catch (JsonException)
        {
            // No document: a text.
        }
        return Paragraphs(text);
    }

    private static string Paragraphs(string text)
    {
        var json = new JsonText().Open('{').Member("type", "doc").Key("version").Raw("1").Key("content").Open('[');
        foreach (var line in text.Split('\n').Where(static line => line.Trim().Length > 0))
        {
            json.Open('{').Member("type", "paragraph").Key("content").Open('[')
                .Open('{').Member("type", "text").Member("text", line.TrimEnd()).Close('}').Close(']').Close('}');
        }
        return json.Close(']').Close('}').ToString().TrimEnd('\n');
    }

    private static void Copy(JsonText json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.Open('{');
                foreach (var member in element.EnumerateObject())
                {
                    Copy(json.Key(member.Name), member.Value);
                }
                json.Close('}');
                break;
            case JsonValueKind.Array:
                json.Open('[');
                foreach (var item in element.EnumerateArray())
                {
                    Copy(json, item);
                }
                json.Close(']');
                break;
            case JsonValueKind.String:
                json.Text(element.GetString()!);
                break;
            default:
                json.Raw(element.GetRawText());
                break;
        }
    }
}
