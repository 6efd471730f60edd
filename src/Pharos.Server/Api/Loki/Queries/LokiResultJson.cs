using System.Buffers.Text;
using System.Text.Json;
using Pharos.Query.LogQL.Results;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Loki.Queries;

/// <summary>Writes answers as Loki does.</summary>
internal static class LokiResultJson
{
    public const string FlagsHeader = "X-Loki-Response-Encoding-Flags";

    /// <summary>The flag by which a client asks for labels by where they come from.</summary>
    public const string CategorizeLabels = "categorize-labels";

    public static async ValueTask WriteAsync(JsonStream stream, LogQueryResult result, bool isCategorized)
    {
        var json = stream.Writer;
        json.WriteStartObject();
        json.WriteString("status", "success");
        if (result.Warnings.Count > 0)
        {
            JsonForms.WriteStrings(json, "warnings", result.Warnings);
        }
        json.WriteStartObject("data");
        switch (result)
        {
            case LogStreamsResult streams:
                await WriteStreamsAsync(stream, streams, isCategorized);
                break;
            case LogMatrixResult matrix:
                await WriteMatrixAsync(stream, matrix);
                break;
            case LogVectorResult vector:
                await WriteVectorAsync(stream, vector);
                break;
            case LogScalarResult scalar:
                json.WriteString("resultType", "scalar");
                json.WritePropertyName("result");
                JsonForms.WritePoint(json, scalar.TimestampMs, scalar.Value);
                break;
        }
        json.WritePropertyName("stats");
        LokiStatisticsJson.Write(json, Statistics(result.Statistics));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The list of streams with their entries: of an answer, and of a frame of a tail.</summary>
    public static async ValueTask WriteStreamListAsync(JsonStream stream, IReadOnlyList<LogResultStream> streams, bool isCategorized)
    {
        var json = stream.Writer;
        json.WriteStartArray();
        foreach (var one in streams)
        {
            json.WriteStartObject();
            JsonForms.WriteLabels(json, "stream", one.Labels);
            json.WriteStartArray("values");
            foreach (var entry in one.Entries)
            {
                WriteEntry(json, entry, isCategorized);
                await stream.BreatheAsync();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static ValueTask WriteStreamsAsync(JsonStream stream, LogStreamsResult result, bool isCategorized)
    {
        stream.Writer.WriteString("resultType", "streams");
        if (isCategorized)
        {
            JsonForms.WriteStrings(stream.Writer, "encodingFlags", [CategorizeLabels]);
        }
        stream.Writer.WritePropertyName("result");
        return WriteStreamListAsync(stream, isCategorized ? result.ByStreamLabels() : result.ByAllLabels(), isCategorized);
    }

    private static void WriteEntry(Utf8JsonWriter json, LogResultEntry entry, bool isCategorized)
    {
        json.WriteStartArray();
        Span<byte> time = stackalloc byte[24];
        Utf8Formatter.TryFormat(entry.TimeNs, time, out var length);
        json.WriteStringValue(time[..length]);
        json.WriteStringValue(entry.Line.Span);
        if (isCategorized)
        {
            json.WriteStartObject();
            WriteCategory(json, "structuredMetadata", entry.Labels.Metadata);
            WriteCategory(json, "parsed", entry.Labels.Parsed);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteCategory(Utf8JsonWriter json, string name, LabelSet labels)
    {
        if (labels.Count > 0)
        {
            JsonForms.WriteLabels(json, name, labels);
        }
    }

    private static async ValueTask WriteMatrixAsync(JsonStream stream, LogMatrixResult matrix)
    {
        var json = stream.Writer;
        json.WriteString("resultType", "matrix");
        json.WriteStartArray("result");
        foreach (var series in matrix.Series)
        {
            json.WriteStartObject();
            JsonForms.WriteLabels(json, "metric", series.Labels);
            json.WriteStartArray("values");
            for (var i = 0; i < series.Values.Count; i++)
            {
                JsonForms.WritePoint(json, series.TimestampsMs[i], series.Values[i]);
                await stream.BreatheAsync();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static async ValueTask WriteVectorAsync(JsonStream stream, LogVectorResult vector)
    {
        var json = stream.Writer;
        json.WriteString("resultType", "vector");
        json.WriteStartArray("result");
        foreach (var sample in vector.Samples)
        {
            json.WriteStartObject();
            JsonForms.WriteLabels(json, "metric", sample.Labels);
            json.WritePropertyName("value");
            JsonForms.WritePoint(json, sample.TimestampMs, sample.Value);
            json.WriteEndObject();
            await stream.BreatheAsync();
        }
        json.WriteEndArray();
    }

    private static LokiStatistics Statistics(LogQueryStatistics found) => new()
    {
        Seconds = found.Elapsed.TotalSeconds,
        Bytes = found.Bytes,
        Lines = found.Lines,
        FilteredLines = found.KeptLines,
        Returned = found.Returned,
        Blocks = found.Blocks,
        BlocksRead = found.Blocks - found.SkippedBlocks,
        MetadataBytes = found.MetadataBytes,
    };
}
