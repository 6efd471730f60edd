using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>Attributes of an event or a link as OpenTelemetry's collector packs them into Zipkin's texts: JSON, a bar, and how many were
/// dropped.</summary>
internal readonly record struct PackedAttributes(IReadOnlyList<SpanAttribute> Attributes, uint Dropped)
{
    /// <param name="text"><c>{"key":"value|other"}|0</c></param>
    public static bool TryParse(string text, out PackedAttributes packed)
    {
        packed = default;
        var bar = text.LastIndexOf('|');
        if (bar < 0 || !uint.TryParse(text.AsSpan(bar + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var dropped))
        {
            return false;
        }
        try
        {
            using var json = JsonDocument.Parse(text.AsMemory(0, bar));
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }
            packed = new PackedAttributes(
                [.. json.RootElement.EnumerateObject().Select(static attribute => new SpanAttribute(attribute.Name, Value(attribute.Value)))], dropped);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair is no JsonException.
            return false;
        }
    }

    /// <summary>Adds them to what the batch began last.</summary>
    public void AddTo(SpanBatch batch)
    {
        foreach (var (key, value) in Attributes)
        {
            batch.AddAttribute(key, value);
        }
        batch.SetDroppedAttributes(Dropped);
    }

    private static AttributeValue Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => AttributeValue.OfText(value.GetString()!),
        JsonValueKind.True => AttributeValue.OfBool(true),
        JsonValueKind.False => AttributeValue.OfBool(false),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? AttributeValue.OfInt(whole) : AttributeValue.OfDouble(value.GetDouble()),
        JsonValueKind.Array => AttributeValue.OfJson(AttributeKind.Array, value.GetRawText()),
        JsonValueKind.Object => AttributeValue.OfJson(AttributeKind.Map, value.GetRawText()),
        _ => AttributeValue.Empty,
    };
}
