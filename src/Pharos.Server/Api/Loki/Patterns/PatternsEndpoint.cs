using System.Text;
using System.Text.Json;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Server.Api.Loki.Queries;
using Pharos.Server.Logs;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Loki.Patterns;

/// <summary>The shapes of the lines of a query, with how many of each came when.</summary>
internal sealed class PatternsEndpoint(ILogStore store, LogQueries queries)
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>Loki's finest resolution of patterns.</summary>
    private const long MinStepNs = 10 * NsPerSecond;

    /// <summary>Lines of a question without stages that are looked at, the newest first; those of older blocks are left out.</summary>
    private const int MaxLines = 2_000_000;

    private const string Level = "detected_level";

    public void Map(LokiRoutes routes) => routes.MapRead("/loki/api/v1/patterns", AnswerAsync);

    private async Task AnswerAsync(LokiRequest request)
    {
        if (QueryEndpoints.Parse(request.Required("query")) is not LogQueryExpr query)
        {
            throw LokiRefusal.BadRequest("only log queries have patterns");
        }
        QueryLimits.Check(query, request.Limits);
        var (startNs, endNs) = request.Range(TimeSpan.FromHours(1));
        var step = Math.Max(MinStepNs, request.Duration("step"));
        var miners = new SortedDictionary<string, PatternMiner>(StringComparer.Ordinal);
        PatternMiner Of(string level) => miners.TryGetValue(level, out var known) ? known : miners[level] = new PatternMiner(startNs, step);
        if (query.Stages.Count == 0)
        {
            await Task.Run(() => Scan(request.Tenants, query.Matchers, startNs, endNs, Of, request.Cancellation), request.Cancellation);
        }
        else
        {
            var asked = new LogRangeRequest(startNs, endNs) { Limit = request.Limits.MaxEntriesPerQuery };
            var found = (LogStreamsResult)await queries.RangeAsync(request.Tenants, query, asked, cutsSeries: false, request.Cancellation);
            foreach (var entry in found.Entries)
            {
                Of(entry.Labels.Metadata[Level]).Add(entry.Line.Span, entry.TimeNs);
            }
        }
        await LokiReply.JsonAsync(request.Context, stream => WriteAsync(stream, miners));
    }

    private void Scan(
        IReadOnlyList<string> tenants, IReadOnlyList<LabelMatcher> matchers, long startNs, long endNs, Func<string, PatternMiner> minerOf,
        CancellationToken cancellation)
    {
        using var querier = TenantUnion.Open(store, tenants, startNs, endNs);
        var left = MaxLines;
        foreach (var block in querier.Blocks(matchers, cancellation).Reverse())
        {
            cancellation.ThrowIfCancellationRequested();
            if (left <= 0)
            {
                return;
            }
            try
            {
                left -= Mine(block, startNs, endNs, minerOf);
            }
            catch (IOException) when (block.IsDamaged)
            {
                // The store has logged it, and the other blocks answer.
            }
        }
    }

    /// <returns>How many lines it has looked at.</returns>
    private static int Mine(ILogBlock block, long startNs, long endNs, Func<string, PatternMiner> minerOf)
    {
        using var borrowed = block.Borrow(LogColumns.All);
        var rows = borrowed.Rows;
        var levels = rows.Metadata.FirstOrDefault(static column => column.Name == Level);
        var names = levels is null ? [] : Enumerable.Range(0, levels.Values).Select(i => Encoding.UTF8.GetString(levels.Value(i))).ToArray();
        var lines = 0;
        foreach (var run in block.Runs)
        {
            for (var row = run.First; row < run.First + run.Count; row++)
            {
                var timeNs = rows.TimesNs[row];
                if (timeNs < startNs || timeNs >= endNs || rows.IsDeleted(row))
                {
                    continue;
                }
                lines++;
                minerOf(levels is not null && levels.Numbers[row] is var number and >= 0 ? names[number] : "").Add(rows.Line(row), timeNs);
            }
        }
        return lines;
    }

    private static async ValueTask WriteAsync(JsonStream stream, SortedDictionary<string, PatternMiner> miners)
    {
        var json = stream.Writer;
        json.WriteStartObject();
        json.WriteString("status", "success");
        json.WriteStartArray("data");
        var clusters = miners.SelectMany(static pair => pair.Value.Clusters().Select(cluster => (Level: pair.Key, Cluster: cluster)))
            .OrderByDescending(static pair => pair.Cluster.Count).Take(PatternMiner.MaxClusters);
        foreach (var (level, cluster) in clusters)
        {
            Write(json, level, cluster);
            await stream.BreatheAsync();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string level, PatternCluster cluster)
    {
        json.WriteStartObject();
        json.WriteString("pattern", cluster.ToString());
        json.WriteString("level", level.Length == 0 ? "unknown" : level);
        json.WriteStartArray("samples");
        foreach (var (stepNs, count) in cluster.Counts)
        {
            json.WriteStartArray();
            json.WriteNumberValue(stepNs / NsPerSecond);
            json.WriteNumberValue(count);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
