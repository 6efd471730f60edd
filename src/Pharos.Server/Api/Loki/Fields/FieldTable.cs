using System.Text;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Loki.Fields;

/// <summary>Collects the fields of lines, of JSON and of logfmt, and of structured metadata.</summary>
internal sealed class FieldTable(int maxFields)
{
    /// <summary>Values of one field that are told apart.</summary>
    public const int MaxValues = 10_000;

    private readonly Dictionary<string, DetectedField> _fields = new(StringComparer.Ordinal);

    public IReadOnlyCollection<DetectedField> Fields => _fields.Values;

    public void AddMetadata(string name, string value) => Add(name, value, null, null);

    /// <summary>What the stages of the query read out of the line.</summary>
    public void AddParsed(string name, string value, string? parser) => Add(name, value, parser, null);

    /// <param name="labels">Of the stream: a field of the same name has another one, as in a query.</param>
    public void AddLine(string line, LabelSet labels)
    {
        if (line.AsSpan().TrimStart().StartsWith("{"))
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                AddObject(json.RootElement, "", [], labels);
                return;
            }
            catch (JsonException)
            {
                // No JSON after all.
            }
        }
        AddLogfmt(line, labels);
    }

    private void AddObject(JsonElement element, string prefix, List<string> path, LabelSet labels)
    {
        foreach (var property in element.EnumerateObject())
        {
            var name = prefix.Length == 0 ? Clean(property.Name) : $"{prefix}_{Clean(property.Name)}";
            path.Add(property.Name);
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    AddObject(property.Value, name, path, labels);
                    break;
                case JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                    Add(Named(name, labels), property.Value.ToString() is var text && property.Value.ValueKind
                        is JsonValueKind.True or JsonValueKind.False ? text.ToLowerInvariant() : text, "json", path);
                    break;
            }
            path.RemoveAt(path.Count - 1);
        }
    }

    private void AddLogfmt(string line, LabelSet labels)
    {
        var rest = line.AsSpan();
        while (rest.IndexOf('=') is var equals and > 0)
        {
            var key = rest[..equals];
            key = key[(key.LastIndexOf(' ') + 1)..];
            rest = rest[(equals + 1)..];
            string value;
            if (rest.StartsWith("\""))
            {
                var end = 1;
                while (end < rest.Length && rest[end] != '"')
                {
                    end += rest[end] == '\\' ? 2 : 1;
                }
                if (end >= rest.Length)
                {
                    return;
                }
                value = rest[1..end].ToString();
                rest = rest[(end + 1)..];
            }
            else
            {
                var end = rest.IndexOf(' ') is var space and >= 0 ? space : rest.Length;
                value = rest[..end].ToString();
                rest = rest[end..];
            }
            if (key.Length > 0 && value.Length > 0 && key.IndexOfAny("\"'{}[](),") < 0)
            {
                Add(Named(Clean(key.ToString()), labels), value, "logfmt", null);
            }
        }
    }

    private void Add(string name, string value, string? parser, List<string>? path)
    {
        if (!_fields.TryGetValue(name, out var field))
        {
            if (_fields.Count >= maxFields)
            {
                return;
            }
            _fields.Add(name, field = new DetectedField(name, FieldType.Of(value), path?.ToArray()));
        }
        if (parser is not null)
        {
            field.Parsers.Add(parser);
        }
        if (field.Distinct.Count < MaxValues && field.Distinct.Add(value))
        {
            field.Values.Add(value);
        }
    }

    private static string Named(string name, LabelSet labels) => labels.Has(name) ? $"{name}_extracted" : name;

    private static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (clean.Length == 0 && char.IsAsciiDigit(letter))
            {
                clean.Append('_');
            }
            clean.Append(char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '_');
        }
        return clean.ToString();
    }
}
