using System.Text;

namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>How many lines were refused, and the last of them, of each reason.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class RejectedLines
{
    /// <summary>Kept of each reason; the oldest gives way.</summary>
    public const int MaxPerReason = 100;

    /// <summary>Of a line that is kept.</summary>
    public const int MaxLineBytes = 1024;

    /// <summary>Tenants and reasons that are counted; what comes beyond is only kept among the last lines.</summary>
    private const int MaxCounts = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<RejectedLine>> _byReason = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Tenant, string Reason), (long Lines, long Bytes)> _counts = [];

    /// <summary>Counts lines that were refused, whether or not they are kept.</summary>
    internal void Count(string tenant, string reason, long lines, long sizeBytes)
    {
        lock (_lock)
        {
            var key = (tenant, reason);
            if (_counts.TryGetValue(key, out var count) || _counts.Count < MaxCounts)
            {
                _counts[key] = (count.Lines + lines, count.Bytes + sizeBytes);
            }
        }
    }

    internal void Add(long atNs, string tenant, string stream, long timeNs, ReadOnlySpan<byte> line, PushRejection rejection)
    {
        var kept = new RejectedLine(
            atNs, tenant, stream, timeNs, Encoding.UTF8.GetString(line[..Math.Min(line.Length, MaxLineBytes)]), rejection);
        lock (_lock)
        {
            if (!_byReason.TryGetValue(rejection.Reason, out var lines))
            {
                _byReason.Add(rejection.Reason, lines = new Queue<RejectedLine>());
            }
            if (lines.Count == MaxPerReason)
            {
                lines.Dequeue();
            }
            lines.Enqueue(kept);
        }
    }

    /// <summary>What was refused of a tenant since the start, by reason, the most frequent first.</summary>
    public IReadOnlyList<RejectedReason> Reasons(string tenant)
    {
        var lines = Snapshot(tenant).ToLookup(static line => line.Rejection.Reason, StringComparer.Ordinal);
        lock (_lock)
        {
            return [.. _counts.Where(pair => pair.Key.Tenant == tenant)
                .Select(pair => new RejectedReason(pair.Key.Reason, pair.Value.Lines, pair.Value.Bytes, [.. lines[pair.Key.Reason]]))
                .OrderByDescending(static reason => reason.Lines).ThenBy(static reason => reason.Reason, StringComparer.Ordinal)];
        }
    }

    /// <summary>By reason, then the newest first.</summary>
    public IReadOnlyList<RejectedLine> Snapshot(string tenant)
    {
        lock (_lock)
        {
            return [.. _byReason.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
                .SelectMany(pair => pair.Value.Where(line => line.Tenant == tenant).Reverse())];
        }
    }
}
