using System.Text;

namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>The last lines that were refused, of each reason.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class RejectedLines
{
    /// <summary>Kept of each reason; the oldest gives way.</summary>
    public const int MaxPerReason = 100;

    /// <summary>Of a line that is kept.</summary>
    public const int MaxLineBytes = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<RejectedLine>> _byReason = new(StringComparer.Ordinal);

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
