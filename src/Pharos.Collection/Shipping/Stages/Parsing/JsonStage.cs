using System.Text.Json;
using Pharos.Collection.Shipping.Stages.Jmes;

namespace Pharos.Collection.Shipping.Stages.Parsing;

/// <summary><c>json</c>: what JMESPath expressions find in an object. Numbers stay numbers; lists and objects become JSON text.</summary>
public sealed class JsonStage(
    IReadOnlyList<KeyValuePair<string, JmesPath>> expressions, string? source, bool dropMalformed, StageContext context) : IStage
{
    private const string Malformed = "malformed";

    // As deep as Go's own reader goes.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1000 };

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (source is not null && !entry.Extracted.ContainsKey(source))
        {
            next.Take(entry);
            return;
        }
        try
        {
            using var json = JsonDocument.Parse(entry.Input(source) ?? "", Options);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var (name, path) in expressions)
                {
                    if (path.TrySearch(json.RootElement, out var found))
                    {
                        entry.Extracted[name] = JmesPath.Plain(found);
                    }
                }
                next.Take(entry);
                return;
            }
        }
        catch (JsonException)
        {
            // Told by what happens to the entry.
        }
        if (dropMalformed)
        {
            context.Dropped(Malformed);
        }
        else
        {
            next.Take(entry);
        }
    }
}
