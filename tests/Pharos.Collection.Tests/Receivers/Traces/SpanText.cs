using System.Globalization;
using System.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Tests.Receivers.Traces;

/// <summary>Spans as lines that a test can spell out: everything that they hold, and nothing twice.</summary>
internal static class SpanText
{
    public static string[] Of(SpanBatch batch) => [.. batch.ToSpans().Select(Of)];

    /// <summary><c>trace:span&lt;parent name Kind Status "message" start+duration #flags @{resource} scope/version {attributes}</c>, then
    /// <c>!time name {attributes}</c> for each event and <c>->trace:span {attributes}</c> for each link.</summary>
    public static string Of(Span span)
    {
        var text = new StringBuilder();
        var id = span.TraceId.High == 0 ? $"{span.TraceId.Low:x}" : $"{span.TraceId.High:x}.{span.TraceId.Low:x}";
        text.Append(CultureInfo.InvariantCulture, $"{id}:{span.SpanId:x}<{span.ParentSpanId:x} {span.Name} {span.Kind}");
        if (span.Status != SpanStatus.Unset || span.StatusMessage.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" {span.Status} \"{span.StatusMessage}\"");
        }
        text.Append(CultureInfo.InvariantCulture, $" {span.StartNs}+{span.DurationNs}");
        if (span.Flags != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" #{span.Flags}");
        }
        if (span.TraceState.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" ({span.TraceState})");
        }
        text.Append(CultureInfo.InvariantCulture, $" @{Of(span.Resource.Attributes)}");
        if (span.Scope.Name.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" {span.Scope.Name}/{span.Scope.Version}");
        }
        text.Append(CultureInfo.InvariantCulture, $" {Of(span.Attributes)}");
        foreach (var happened in span.Events)
        {
            text.Append(CultureInfo.InvariantCulture, $" !{happened.TimeNs} {happened.Name}{Of(happened.Attributes)}");
        }
        foreach (var link in span.Links)
        {
            text.Append(CultureInfo.InvariantCulture, $" ->{link.TraceId.Low:x}:{link.SpanId:x}{Of(link.Attributes)}");
        }
        return text.ToString();
    }

    private static string Of(IReadOnlyList<SpanAttribute> attributes) =>
        $"{{{string.Join(' ', attributes.Select(static attribute => $"{attribute.Key}={Of(attribute.Value)}"))}}}";

    private static string Of(AttributeValue value) => value.Kind switch
    {
        AttributeKind.Text => $"'{value.Text}'",
        AttributeKind.Bytes => $"x{Convert.ToHexStringLower(value.Bytes.Span)}",
        AttributeKind.Double => value.Double.ToString("0.0###", CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
