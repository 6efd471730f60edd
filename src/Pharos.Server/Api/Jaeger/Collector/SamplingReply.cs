using System.Buffers;
using System.Text.Json;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Collection.Sampling;

namespace Pharos.Server.Api.Jaeger.Collector;

/// <summary>Writes <c>jaeger.api_v2.SamplingStrategyResponse</c>.</summary>
internal static class SamplingReply
{
    /// <param name="legacy">The kind by its number, as the oldest clients read it.</param>
    public static ReadOnlyMemory<byte> Json(SamplingStrategy strategy, bool legacy)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            if (legacy)
            {
                json.WriteNumber("strategyType", (int)strategy.Kind);
            }
            else
            {
                json.WriteString("strategyType", strategy.Kind == SamplingKind.Probabilistic ? "PROBABILISTIC" : "RATE_LIMITING");
            }
            if (strategy.Kind == SamplingKind.Probabilistic)
            {
                WriteRate(json, strategy.SamplingRate);
            }
            else
            {
                json.WriteStartObject("rateLimitingSampling");
                json.WriteNumber("maxTracesPerSecond", strategy.MaxTracesPerSecond);
                json.WriteEndObject();
            }
            if (strategy.Operations is { } operations)
            {
                WriteOperations(json, operations);
            }
            json.WriteEndObject();
        }
        return body.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Protobuf(SamplingStrategy strategy)
    {
        var writer = new ProtobufWriter();
        writer.Int64(1, (long)strategy.Kind);
        if (strategy.Kind == SamplingKind.Probabilistic)
        {
            WriteRate(writer, strategy.SamplingRate);
        }
        else
        {
            var limit = writer.Begin(3);
            writer.Int64(1, strategy.MaxTracesPerSecond);
            writer.End(limit);
        }
        if (strategy.Operations is { } operations)
        {
            var message = writer.Begin(4);
            writer.Double(1, operations.DefaultRate);
            writer.Double(2, operations.LowerBound);
            foreach (var operation in operations.Operations)
            {
                var inner = writer.Begin(3);
                writer.Text(1, operation.Operation);
                WriteRate(writer, operation.SamplingRate);
                writer.End(inner);
            }
            writer.Double(4, operations.UpperBound);
            writer.End(message);
        }
        return writer.Written.ToArray();
    }

    private static void WriteOperations(Utf8JsonWriter json, OperationSampling operations)
    {
        json.WriteStartObject("operationSampling");
        json.WriteNumber("defaultSamplingProbability", operations.DefaultRate);
        json.WriteNumber("defaultLowerBoundTracesPerSecond", operations.LowerBound);
        json.WriteStartArray("perOperationStrategies");
        foreach (var operation in operations.Operations)
        {
            json.WriteStartObject();
            json.WriteString("operation", operation.Operation);
            WriteRate(json, operation.SamplingRate);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("defaultUpperBoundTracesPerSecond", operations.UpperBound);
        json.WriteEndObject();
    }

    private static void WriteRate(Utf8JsonWriter json, double rate)
    {
        json.WriteStartObject("probabilisticSampling");
        json.WriteNumber("samplingRate", rate);
        json.WriteEndObject();
    }

    private static void WriteRate(ProtobufWriter writer, double rate)
    {
        var message = writer.Begin(2);
        writer.Double(1, rate);
        writer.End(message);
    }
}
