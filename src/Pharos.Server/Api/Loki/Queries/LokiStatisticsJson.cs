using System.Text.Json;

namespace Pharos.Server.Api.Loki.Queries;

/// <summary>Writes Loki's object <c>stats</c>: every key of it, zero where nothing here answers to it.</summary>
internal static class LokiStatisticsJson
{
    private static readonly string[] Caches =
        ["chunk", "index", "result", "statsResult", "volumeResult", "seriesResult", "labelResult", "instantMetricResult"];

    private static readonly string[] CacheCounts =
        ["entriesFound", "entriesRequested", "entriesStored", "bytesReceived", "bytesSent", "requests", "downloadTime", "queryLengthServed"];

    public static void Write(Utf8JsonWriter json, LokiStatistics statistics)
    {
        json.WriteStartObject();
        WriteSummary(json, statistics);
        json.WriteStartObject("querier");
        WriteStore(json, statistics);
        json.WriteEndObject();
        json.WriteStartObject("ingester");
        WriteZeros(json, "totalReached", "totalChunksMatched", "totalBatches", "totalLinesSent");
        WriteStore(json, LokiStatistics.None);
        json.WriteEndObject();
        json.WriteStartObject("cache");
        foreach (var cache in Caches)
        {
            json.WriteStartObject(cache);
            WriteZeros(json, CacheCounts);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartObject("index");
        json.WriteNumber("totalChunks", statistics.Blocks);
        json.WriteNumber("postFilterChunks", statistics.BlocksRead);
        WriteZeros(json, "shardsDuration");
        json.WriteBoolean("usedBloomFilters", statistics.BlocksRead < statistics.Blocks);
        WriteZeros(json, "totalStreams");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSummary(Utf8JsonWriter json, LokiStatistics statistics)
    {
        var seconds = Math.Max(statistics.Seconds, 1e-9);
        json.WriteStartObject("summary");
        json.WriteNumber("bytesProcessedPerSecond", (long)(statistics.Bytes / seconds));
        json.WriteNumber("linesProcessedPerSecond", (long)(statistics.Lines / seconds));
        json.WriteNumber("totalBytesProcessed", statistics.Bytes);
        json.WriteNumber("totalLinesProcessed", statistics.Lines);
        json.WriteNumber("execTime", statistics.Seconds);
        json.WriteNumber("queueTime", 0);
        WriteZeros(json, "subqueries");
        json.WriteNumber("totalEntriesReturned", statistics.Returned);
        WriteZeros(json, "splits", "shards");
        json.WriteNumber("totalPostFilterLines", statistics.FilteredLines);
        json.WriteNumber("totalStructuredMetadataBytesProcessed", statistics.MetadataBytes);
        json.WriteEndObject();
    }

    private static void WriteStore(Utf8JsonWriter json, LokiStatistics statistics)
    {
        json.WriteStartObject("store");
        json.WriteNumber("totalChunksRef", statistics.Blocks);
        json.WriteNumber("totalChunksDownloaded", statistics.BlocksRead);
        WriteZeros(json, "chunksDownloadTime");
        json.WriteBoolean("queryReferencedStructuredMetadata", statistics.MetadataBytes > 0);
        json.WriteStartObject("chunk");
        WriteZeros(json, "headChunkBytes", "headChunkLines");
        json.WriteNumber("decompressedBytes", statistics.Bytes);
        json.WriteNumber("decompressedLines", statistics.Lines);
        WriteZeros(json, "compressedBytes", "totalDuplicates");
        json.WriteNumber("postFilterLines", statistics.FilteredLines);
        WriteZeros(json, "headChunkStructuredMetadataBytes");
        json.WriteNumber("decompressedStructuredMetadataBytes", statistics.MetadataBytes);
        json.WriteEndObject();
        WriteZeros(json, "chunkRefsFetchTime", "congestionControlLatency", "pipelineWrapperFilteredLines");
        json.WriteEndObject();
    }

    private static void WriteZeros(Utf8JsonWriter json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            json.WriteNumber(name, 0);
        }
    }
}
