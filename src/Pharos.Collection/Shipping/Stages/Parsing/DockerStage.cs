using System.Text.Json;
using Pharos.Collection.Shipping.Stages.Times;

namespace Pharos.Collection.Shipping.Stages.Parsing;

/// <summary><c>docker</c>: a line of Docker's JSON log files: <c>{"log":"text\n","stream":"stderr","time":"2019-04-30T02:12:41.8443515Z"}</c>.</summary>
public sealed class DockerStage : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        // Only an object can be such a line: the common other one, of another runtime, costs nothing.
        if (entry.Line.AsSpan().TrimStart() is ['{', ..])
        {
            Read(entry);
        }
        next.Take(entry);
    }

    private static void Read(ShippedEntry entry)
    {
        try
        {
            using var json = JsonDocument.Parse(entry.Line);
            if (Extract(entry, json.RootElement, "stream", "stream") is { } stream)
            {
                entry.Labels.Set("stream", stream);
            }
            if (Extract(entry, json.RootElement, "time", "timestamp") is { } time && GoLayoutParser.TryParse(GoLayouts.Rfc3339Nano, time, out var parsed))
            {
                entry.TimeNs = parsed.UnixNs;
            }
            if (Extract(entry, json.RootElement, "log", "output") is { } log)
            {
                entry.Line = log;
            }
        }
        catch (JsonException)
        {
            // It stays as it is.
        }
    }

    private static string? Extract(ShippedEntry entry, JsonElement root, string member, string name)
    {
        if (!root.TryGetProperty(member, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }
        var text = value.GetString();
        entry.Extracted[name] = text;
        return text;
    }
}
