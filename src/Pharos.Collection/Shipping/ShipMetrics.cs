using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Pharos.Collection.Shipping.Stages;
using Pharos.Storage.Text;

namespace Pharos.Collection.Shipping;

/// <summary>Self-monitoring under Promtail's names.</summary>
internal sealed class ShipMetrics
{
    private readonly ConcurrentDictionary<string, long> _fileBytes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Host, string Client, string Path), double> _lags = new();
    private readonly Counter<long> _readBytes;
    private readonly Counter<long> _readLines;
    private readonly UpDownCounter<long> _activeFiles;
    private readonly UpDownCounter<long> _activeTargets;
    private readonly Counter<long> _lost;

    public ShipMetrics(Meter meter)
    {
        _readBytes = meter.CreateCounter<long>("promtail_read_bytes_total", description: "Number of bytes read.");
        _readLines = meter.CreateCounter<long>("promtail_read_lines_total", description: "Number of lines read.");
        _activeFiles = meter.CreateUpDownCounter<long>("promtail_files_active_total", description: "Number of active files.");
        _activeTargets = meter.CreateUpDownCounter<long>("promtail_targets_active_total", description: "Number of active total.");
        _lost = meter.CreateCounter<long>(
            "pharos_shipper_remainders_lost_total", description: "Files whose rest was rotated away and not found again.");
        meter.CreateObservableGauge("promtail_file_bytes_total",
            () => _fileBytes.Select(static file => new Measurement<long>(file.Value, new KeyValuePair<string, object?>("path", file.Key))),
            description: "Number of bytes total.");
        meter.CreateObservableGauge("promtail_stream_lag_seconds",
            () => _lags.Select(static lag => new Measurement<double>(
                lag.Value, new("host", lag.Key.Host), new("client", lag.Key.Client), new("filename", lag.Key.Path))),
            description: "Difference between current time and last batch timestamp for successful sends.");
        EntriesDropped = meter.CreateCounter<long>(
            "logentry_dropped_lines_total", description: "A count of all log lines dropped as a result of a pipeline stage.");
        DroppedEntries = meter.CreateCounter<long>(
            "promtail_dropped_entries_total", description: "Number of log entries dropped because failed to be sent to the ingester after all retries.");
        DroppedBytes = meter.CreateCounter<long>(
            "promtail_dropped_bytes_total", description: "Number of bytes dropped because failed to be sent to the ingester after all retries.");
        SentEntries = meter.CreateCounter<long>("promtail_sent_entries_total", description: "Number of log entries sent to the ingester.");
        SentBytes = meter.CreateCounter<long>("promtail_sent_bytes_total", description: "Number of bytes sent.");
        EncodedBytes = meter.CreateCounter<long>("promtail_encoded_bytes_total", description: "Number of bytes encoded and ready to send.");
        Retries = meter.CreateCounter<long>("promtail_batch_retries_total", description: "Number of times batches has had to be retried.");
        RequestSeconds = meter.CreateHistogram<double>("promtail_request_duration_seconds", description: "Duration of send requests.");
    }

    public Counter<long> EntriesDropped { get; }

    public Counter<long> DroppedEntries { get; }

    public Counter<long> DroppedBytes { get; }

    public Counter<long> SentEntries { get; }

    public Counter<long> SentBytes { get; }

    public Counter<long> EncodedBytes { get; }

    public Counter<long> Retries { get; }

    public Histogram<double> RequestSeconds { get; }

    public void Read(string path, long lines, long bytes)
    {
        var label = new KeyValuePair<string, object?>("path", path);
        _readLines.Add(lines, label);
        _readBytes.Add(bytes, label);
    }

    public void FileOpened() => _activeFiles.Add(1);

    public void FileClosed() => _activeFiles.Add(-1);

    public void TargetStarted(string kind) => _activeTargets.Add(1, new KeyValuePair<string, object?>("type", kind));

    public void TargetStopped(string kind) => _activeTargets.Add(-1, new KeyValuePair<string, object?>("type", kind));

    public void FileSize(string path, long bytes) => _fileBytes[path] = bytes;

    /// <summary>How old a file's newest entry was when it was sent.</summary>
    public void Sent(string host, string client, ShippedEntry newest, DateTimeOffset now)
    {
        if (newest.Labels["filename"] is { Length: > 0 } path)
        {
            _lags[(host, client, path)] = (NanosecondTime.Of(now) - newest.TimeNs) / 1e9;
        }
    }

    public void FileGone(string path)
    {
        _fileBytes.TryRemove(path, out _);
        foreach (var lag in _lags.Keys)
        {
            if (lag.Path == path)
            {
                _lags.TryRemove(lag, out _);
            }
        }
    }

    public void RemainderLost(string path) => _lost.Add(1, new KeyValuePair<string, object?>("path", path));
}
