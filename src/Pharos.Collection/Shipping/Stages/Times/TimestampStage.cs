using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Stages.Times;

/// <summary><c>timestamp</c>: the entry's time from an extracted value.</summary>
/// <param name="formats">Tried in turn.</param>
/// <param name="fudges">Whether a time that cannot be read is the last good one of the stream and a nanosecond more.</param>
public sealed class TimestampStage(string source, IReadOnlyList<TimestampFormat> formats, bool fudges, StageContext context) : IStage
{
    /// <summary>Streams whose last time is known; the same number as Promtail keeps.</summary>
    private const int MaxStreams = 10_000;

    private readonly Dictionary<LabelSet, long> _last = [];

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (entry.Text(source) is { } text && TryParse(text, out var timeNs))
        {
            entry.TimeNs = timeNs;
            Remember(entry);
        }
        else if (fudges && _last.TryGetValue(entry.Labels.Build(), out var last))
        {
            entry.TimeNs = last + 1;
            Remember(entry);
        }
        next.Take(entry);
    }

    private bool TryParse(string text, out long timeNs)
    {
        foreach (var format in formats)
        {
            if (format.TryParse(text, context.Time.GetUtcNow(), out timeNs))
            {
                return true;
            }
        }
        timeNs = 0;
        return false;
    }

    private void Remember(ShippedEntry entry)
    {
        if (!fudges)
        {
            return;
        }
        if (_last.Count >= MaxStreams)
        {
            _last.Clear();
        }
        _last[entry.Labels.Build()] = entry.TimeNs;
    }
}
