using Pharos.Collection.Receivers.Otlp;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Metrics;

namespace Pharos.Fuzz.Targets;

/// <summary>OTLP metrics as protobuf or JSON, stored with each translation of names and with deltas added up.</summary>
internal sealed class OtlpTarget(string name, InputForm form) : FuzzTarget
{
    public override string Name => name;

    public override InputForm Form => form;

    public override IReadOnlyList<string> Tokens =>
    [
        "{", "}", "[", "]", "[[", ":", ",", "\"", "null", "true", "\"NaN\"", "\"-1\"", "\"resourceMetrics\":[", "\"scopeMetrics\":[", "\"metrics\":[", "\"gauge\":{",
        "\"sum\":{", "\"histogram\":{", "\"exponentialHistogram\":{", "\"summary\":{", "\"dataPoints\":[", "\"asDouble\":", "\"asInt\":", "\"timeUnixNano\":",
        "\"bucketCounts\":[", "\"explicitBounds\":[", "\"scale\":", "\"positive\":{", "\"offset\":", "\"attributes\":[", "\"key\":", "\"value\":{",
        "\"arrayValue\":{\"values\":[", "\"kvlistValue\":{\"values\":[", "\"bytesValue\":", "\"aggregationTemporality\":", "\"\\ud800\"", "\\u0000",
    ];

    /// <summary>The times of a resource's points can lie apart, and target_info stands between them: at most 10,000 samples.</summary>
    public override long BaseBytes => 48L << 20;

    public override long BytesPerInputByte => 200_000;

    public override IEnumerable<byte[]> MadeInputs() => form == InputForm.Protobuf ? ProtobufInputs.OtlpRequests() : [];

    public override string Run(byte[] input)
    {
        var shape = "";
        foreach (var strategy in new[] { TranslationStrategy.UnderscoreEscapingWithSuffixes, TranslationStrategy.NoTranslation })
        {
            var store = MetricStore.OpenInMemory(FuzzMeter.Instance);
            var options = new OtlpOptions
            {
                Strategy = strategy, PromoteAllResourceAttributes = true, PromoteScopeMetadata = true,
                ConvertHistogramsToNhcb = strategy == TranslationStrategy.NoTranslation,
            };
            var features = new OtlpFeatures { DeltaToCumulative = strategy == TranslationStrategy.NoTranslation };
            var receiver = new OtlpMetricsReceiver(store, () => options, features, TimeProvider.System, FuzzMeter.Instance);
            try
            {
                var outcome = form == InputForm.Protobuf ? receiver.ReceiveProtobuf(input) : receiver.ReceiveJson(input);
                shape += $"{Shape.Of(StoredSamples.ReadAll(store))}{Shape.Of(outcome.Rejected)}{Shape.Of(outcome.Reasons)}";
            }
            catch (InvalidDataException bad)
            {
                shape += Shape.Of(bad.Message);
            }
        }
        return shape;
    }
}
