using System.Text.Json;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Otlp.Traces;

/// <summary>Arrays and maps are stored as JSON; this reads them again.</summary>
internal static class OtlpNested
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    /// <returns>Null where the text is no JSON: it is then given as a text.</returns>
    public static JsonDocument? Parse(AttributeValue value)
    {
        try
        {
            return JsonDocument.Parse(value.Text, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Integers are kept without fraction or exponent, doubles with one.</summary>
    public static bool IsInteger(JsonElement number, out long value) => number.TryGetInt64(out value)
        && number.GetRawText().AsSpan().IndexOfAny(".eE") < 0;
}
