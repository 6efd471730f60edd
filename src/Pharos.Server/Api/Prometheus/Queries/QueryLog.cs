using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Query.Results;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>Appends every query that was evaluated to the file of <c>query_log_file</c>, one line of JSON each, as Prometheus does.</summary>
/// <remarks>Thread-safe. The file stays open until the next configuration, which opens it anew, so that it can be moved away.</remarks>
internal sealed class QueryLog(TimeProvider time, ILogger logger, System.Diagnostics.Metrics.Meter meter) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly System.Diagnostics.Metrics.Counter<long> _failures = meter.CreateCounter<long>(
        "prometheus_engine_query_log_failures_total", null, "The number of query log failures.");
    private FileStream? _file;

    public bool IsOpen => Volatile.Read(ref _file) is not null;

    /// <summary>Whether queries are logged, for the gauge of that name.</summary>
    public void Observe() => meter.CreateObservableGauge(
        "prometheus_engine_query_log_enabled", () => IsOpen ? 1 : 0, null, "State of the query log.");

    /// <summary>Opens the file anew, or stops logging.</summary>
    /// <param name="path">Empty for no log.</param>
    /// <exception cref="IOException">The file cannot be written; the log is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public void Use(string path)
    {
        var next = path.Length == 0 ? null
            : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        lock (_gate)
        {
            _file?.Dispose();
            _file = next;
        }
    }

    public void Write(QueryLogEntry entry)
    {
        if (!IsOpen)
        {
            return;
        }
        var line = Encoding.UTF8.GetBytes(Line(entry));
        lock (_gate)
        {
            try
            {
                _file?.Write(line);
                _file?.Flush();
            }
            catch (IOException e)
            {
                _failures.Add(1);
                logger.LogError("A query cannot be written to the query log: {Reason}", e.Message);
            }
        }
    }

    public void Dispose() => Use("");

    private string Line(QueryLogEntry entry)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow());
            json.WriteString("level", "INFO");
            json.WriteString("msg", "promql query logged");
            json.WriteStartObject("params");
            json.WriteString("end", Time(entry.EndMs));
            json.WriteString("query", entry.Query);
            json.WriteString("start", Time(entry.StartMs));
            json.WriteNumber("step", entry.StepMs / 1000);
            json.WriteEndObject();
            if (entry.Error is { } error)
            {
                json.WriteString("error", error);
            }
            QueryStatisticsJson.Write(json, entry.Statistics ?? new QueryStatistics(0, 0, TimeSpan.Zero), entry.Waited, perStep: false);
            if (entry.Request is var (client, method, path))
            {
                json.WriteStartObject("httpRequest");
                json.WriteString("clientIP", client);
                json.WriteString("method", method);
                json.WriteString("path", path);
                json.WriteEndObject();
            }
            if (entry.RuleGroup is var (file, name))
            {
                json.WriteStartObject("ruleGroup");
                json.WriteString("file", file);
                json.WriteString("name", name);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static string Time(long ms) => JsonForms.Rfc3339Milliseconds(DateTimeOffset.FromUnixTimeMilliseconds(ms));
}
