using System.Text.Json;
using Pharos.Server.Configuration;
using Pharos.Server.Hosting;
using Pharos.Storage.Metrics;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Status;

/// <summary><c>status/*</c>, <c>features</c> and <c>alertmanagers</c>: what this server is and how it was started.</summary>
internal sealed class StatusEndpoints(PharosServerOptions options, ServerParts parts, Reloader reloader, Func<Uri> baseAddress)
{
    private const int DefaultTopLimit = 10;
    private const int MaxTopLimit = 10_000;

    /// <summary>The version of Prometheus whose API this is.</summary>
    private const string ApiVersion = "3.14.0";

    public void Map(ApiRoutes routes)
    {
        routes.MapGet("/status/config", _ => ApiReply.Data(WriteConfig));
        routes.MapGet("/status/flags", _ => ApiReply.Data(WriteFlags));
        routes.MapGet("/status/buildinfo", _ => ApiReply.Data(WriteBuild));
        routes.MapGet("/status/runtimeinfo", _ => ApiReply.Data(WriteRuntime));
        routes.MapGet("/status/walreplay", _ => ApiReply.Data(WriteReplay));
        routes.MapGet("/status/tsdb", Tsdb);
        routes.MapGet("/status/tsdb/blocks", _ => ApiReply.Data(WriteBlocks));
        routes.MapGet("/status/self_metrics", SelfMetrics);
        routes.MapGet("/features", _ => ApiReply.Data(json => FeatureList.Write(json, options)));
        routes.MapGet("/alertmanagers", _ => ApiReply.Data(WriteAlertmanagers));
    }

    private void WriteConfig(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("yaml", reloader.Current.PrometheusText);
        json.WriteEndObject();
    }

    private void WriteFlags(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (name, value) in options.Flags.OrderBy(flag => flag.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
    }

    /// <summary>The version is that of the API: Grafana and others choose by it what they ask for, and fall back to slower
    /// questions for one they think old.</summary>
    private static void WriteBuild(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        ServerVersion.WriteFields(json, ApiVersion, $"pharos-{ServerVersion.Full}");
        json.WriteEndObject();
    }

    private void WriteRuntime(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("startTime", JsonForms.Rfc3339(parts.StartedAt));
        json.WriteString("CWD", Environment.CurrentDirectory);
        json.WriteString("hostname", Environment.MachineName);
        json.WriteString("serverTime", JsonForms.Rfc3339(options.Time.GetUtcNow()));
        json.WriteBoolean("reloadConfigSuccess", reloader.LastSuccessful);
        json.WriteString("lastConfigTime", JsonForms.Rfc3339(reloader.LastSuccess));
        json.WriteNumber("corruptionCount", 0);
        json.WriteNumber("goroutineCount", ThreadPool.ThreadCount);
        json.WriteNumber("GOMAXPROCS", Environment.ProcessorCount);
        json.WriteNumber("GOMEMLIMIT", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        json.WriteString("GOGC", "");
        json.WriteString("GODEBUG", "");
        json.WriteString("storageRetention", Retention(parts.StorageOptions));
        json.WriteEndObject();
    }

    private static string Retention(MetricStoreOptions storage)
    {
        var limits = new List<string>();
        if (storage.RetentionTime > TimeSpan.Zero)
        {
            limits.Add(PrometheusDuration.Format(storage.RetentionTime));
        }
        if (storage.RetentionBytes > 0)
        {
            limits.Add(ByteSize.Format(storage.RetentionBytes));
        }
        return string.Join(" or ", limits);
    }

    /// <summary>The log is replayed before the port opens, so a client only ever sees it done.</summary>
    private static void WriteReplay(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("min", 0);
        json.WriteNumber("max", 0);
        json.WriteNumber("current", 0);
        json.WriteEndObject();
    }

    private ApiReply Tsdb(ApiRequest request)
    {
        long limit = DefaultTopLimit;
        var text = request.Parameters.Text("limit");
        if (text.Length > 0 && (!ParameterReader.TryParseWhole(text, out limit, out _) || limit < 1))
        {
            return ApiReply.Fail(ApiErrorType.BadData, "limit must be a positive number");
        }
        if (limit > MaxTopLimit)
        {
            return ApiReply.Fail(ApiErrorType.BadData, $"limit must not exceed {MaxTopLimit}");
        }
        var status = parts.Store.Status((int)limit);
        return ApiReply.Data(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("headStats");
            json.WriteNumber("numSeries", status.SeriesCount);
            json.WriteNumber("numLabelPairs", status.LabelPairCount);
            json.WriteNumber("chunkCount", status.ChunkCount);
            json.WriteNumber("minTime", status.MinTimeMs);
            json.WriteNumber("maxTime", status.MaxTimeMs);
            json.WriteEndObject();
            WriteTop(json, "seriesCountByMetricName", status.SeriesCountByMetricName);
            WriteTop(json, "labelValueCountByLabelName", status.LabelValueCountByLabelName);
            WriteTop(json, "memoryInBytesByLabelName", status.MemoryInBytesByLabelName);
            WriteTop(json, "seriesCountByLabelValuePair", status.SeriesCountByLabelValuePair);
            json.WriteEndObject();
        });
    }

    private static void WriteTop(Utf8JsonWriter json, string name, IReadOnlyList<KeyValuePair<string, long>> top)
    {
        json.WriteStartArray(name);
        foreach (var (key, count) in top)
        {
            json.WriteStartObject();
            json.WriteString("name", key);
            json.WriteNumber("value", count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteBlocks(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("blocks");
        var status = parts.Store.Status(0);
        foreach (var block in status.Blocks)
        {
            json.WriteStartObject();
            json.WriteString("ulid", BlockId(block.Number));
            json.WriteNumber("minTime", block.MinTimeMs);
            json.WriteNumber("maxTime", block.MaxTimeMs);
            json.WriteStartObject("stats");
            json.WriteNumber("numSamples", block.SampleCount);
            json.WriteNumber("numSeries", block.SeriesCount);
            json.WriteNumber("numChunks", block.ChunkCount);
            json.WriteEndObject();
            json.WriteStartObject("compaction");
            json.WriteNumber("level", block.Level);
            JsonForms.WriteStrings(json, "sources", block.Sources.Count > 0 ? block.Sources.Select(BlockId) : [BlockId(block.Number)]);
            json.WriteEndObject();
            json.WriteNumber("version", 1);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteFiles(json, "setAside", status.BlocksSetAside);
        WriteFiles(json, "missing", status.BlocksMissing);
        json.WriteEndObject();
    }

    /// <summary>Prometheus has no such fields: they are there only where there is something to tell.</summary>
    private static void WriteFiles(Utf8JsonWriter json, string name, IReadOnlyList<string> paths)
    {
        if (paths.Count > 0)
        {
            JsonForms.WriteStrings(json, name, paths.Select(Path.GetFileName)!);
        }
    }

    /// <summary>A block's number in the form of an ULID, which readers of this field expect.</summary>
    private static string BlockId(long number)
    {
        const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        const int Length = 26;
        Span<char> text = stackalloc char[Length];
        for (var i = Length - 1; i >= 0; i--)
        {
            text[i] = Digits[(int)(number % Digits.Length)];
            number /= Digits.Length;
        }
        return text.ToString();
    }

    private ApiReply SelfMetrics(ApiRequest request)
    {
        var pattern = request.Parameters.Text("metric_name_pattern");
        GoRegex? names;
        try
        {
            names = pattern.Length > 0 ? GoRegex.Anchored(pattern) : null;
        }
        catch (GoRegexException e)
        {
            return ApiReply.Fail(ApiError.InvalidParameter("metric_name_pattern", e.Message));
        }
        var families = parts.Registry.Collect().Where(family => names is null || names.IsMatch(family.Name)).ToArray();
        return ApiReply.Data(json => SelfMetricsJson.Write(json, families));
    }

    /// <summary>Routing happens inside this process, which is an Alertmanager beside those that prometheus.yml names.</summary>
    private void WriteAlertmanagers(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        IEnumerable<string> own = parts.Forwarder.RoutesItself ? [ServerEndpoints.ExternalUrl(options, baseAddress()) + "/api/v2/alerts"] : [];
        Write("activeAlertmanagers", own.Concat(parts.Forwarder.Active));
        Write("droppedAlertmanagers", parts.Forwarder.Dropped);
        json.WriteEndObject();

        void Write(string name, IEnumerable<string> urls)
        {
            json.WriteStartArray(name);
            foreach (var url in urls)
            {
                json.WriteStartObject();
                json.WriteString("url", url);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }
}
