using System.Globalization;
using System.Text.Json;

namespace Pharos.Cli.Demo;

/// <summary>A line of the reference application's logs with what is taken from it.</summary>
/// <param name="Metadata">Structured metadata.</param>
internal sealed record DemoLogLine(string Text, DateTimeOffset Time, string Level, IReadOnlyList<(string Name, string Value)> Metadata)
{
    /// <summary>Ids, of which each value would be a stream of its own as a label.</summary>
    private static readonly string[] MetadataNames = ["trace_id", "agent_id", "coordination_event"];

    public static DemoLogLine Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        var fields = document.RootElement;
        var metadata = new List<(string, string)>();
        foreach (var name in MetadataNames)
        {
            if (fields.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } id)
            {
                metadata.Add((name, id));
            }
        }
        return new DemoLogLine(
            text, fields.GetProperty("timestamp").GetDateTimeOffset(), fields.GetProperty("level").GetString() ?? "", metadata);
    }

    /// <summary>An entry of Loki's push.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteStringValue(((Time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick).ToString(CultureInfo.InvariantCulture));
        json.WriteStringValue(Text);
        json.WriteStartObject();
        foreach (var (name, value) in Metadata)
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
