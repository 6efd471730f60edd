using System.Text.Json;
using Pharos.Collection.Receivers.Otlp.Traces;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Fuzz.Targets.Traces;

/// <summary>OTLP spans as protobuf or JSON: what is taken has ids, texts and attributes that can be read again.</summary>
internal sealed class OtlpTraceTarget(string name, InputForm form) : FuzzTarget
{
    public override string Name => name;

    public override InputForm Form => form;

    public override IReadOnlyList<string> Tokens =>
    [
        "{", "}", "[", "]", ":", ",", "\"", "null", "true", "\"NaN\"", "\"-1\"", "{\"resourceSpans\":[", "\"resource\":{", "\"scopeSpans\":[", "\"scope\":{",
        "\"spans\":[", "\"traceId\":\"5b8efff798038103d269b633813fc60c\"", "\"spanId\":\"eee19b7ec3c1b174\"", "\"parentSpanId\":", "\"name\":", "\"kind\":",
        "\"startTimeUnixNano\":", "\"endTimeUnixNano\":", "\"attributes\":[", "\"key\":", "\"value\":{", "\"stringValue\":", "\"intValue\":", "\"doubleValue\":",
        "\"boolValue\":", "\"bytesValue\":", "\"arrayValue\":{\"values\":[", "\"kvlistValue\":{\"values\":[", "\"events\":[", "\"links\":[", "\"status\":{",
        "\"code\":", "\"message\":", "\"flags\":", "\"traceState\":", "\"droppedAttributesCount\":", "\"schemaUrl\":", "\"\\ud800\"", "\\u0000", "1e400",
        "\"18446744073709551615\"",
    ];

    public override IEnumerable<byte[]> MadeInputs() => form == InputForm.Protobuf ? TraceInputs.OtlpRequests() : [];

    public override string Run(byte[] input)
    {
        var batch = new SpanBatch();
        RejectedSpans rejected;
        try
        {
            if (form == InputForm.Protobuf)
            {
                using var decoder = new OtlpTraceProtobuf(batch);
                rejected = decoder.Read(input);
            }
            else
            {
                using var decoder = new OtlpTraceJson(batch);
                rejected = decoder.Read(input);
            }
        }
        catch (InvalidDataException bad)
        {
            return Shape.Of(bad.Message);
        }
        var spans = batch.ToSpans();
        foreach (var span in spans)
        {
            Check(span);
        }
        return $"{Shape.Of(spans.Count)} {Shape.Of(rejected.Count)} {rejected.Reason} {Shape.Of(spans.Sum(static span => span.Attributes.Count))}";
    }

    private static void Check(Span span)
    {
        if (span.TraceId.IsZero || span.SpanId == 0)
        {
            throw new BrokenPromiseException("a span without ids was taken");
        }
        foreach (var attribute in span.Attributes.Concat(span.Resource.Attributes).Concat(span.Scope.Attributes))
        {
            if (attribute.Value.Kind is AttributeKind.Array or AttributeKind.Map)
            {
                using var json = Parse(attribute.Value.Text);
            }
        }
    }

    private static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            throw new BrokenPromiseException($"a list or map is kept as what is no JSON: {text}");
        }
    }
}
