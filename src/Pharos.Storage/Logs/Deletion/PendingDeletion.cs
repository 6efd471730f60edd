using Pharos.Storage.Logs.Blocks;

namespace Pharos.Storage.Logs.Deletion;

/// <summary>A deletion that holds for the parts that were there when it was asked for, until they are written without what it hides.</summary>
/// <param name="UpTo">The highest number of such a part, inclusive.</param>
/// <param name="Filter">Null where every entry of the streams and times goes.</param>
internal sealed record PendingDeletion(LogDeletion Deletion, long UpTo, ILogRowFilter? Filter)
{
    public bool Concerns(LogPart part) => part.Meta.Number <= UpTo && Overlaps(part.Meta.MinTimeNs, part.Meta.MaxTimeNs);

    /// <summary>Both ends inclusive.</summary>
    public bool Overlaps(long minTimeNs, long maxTimeNs) => Deletion.StartNs <= maxTimeNs && Deletion.EndNs >= minTimeNs;

    public bool Matches(LogStream stream)
    {
        if (stream.Tenant != Deletion.Tenant)
        {
            return false;
        }
        foreach (var matcher in Deletion.Matchers)
        {
            if (!matcher.Matches(stream.Labels[matcher.Name]))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Marks what goes of some rows of a stream that it matches.</summary>
    public void Mark(LogStream stream, LogRows rows, int first, int count, Span<bool> deleted)
    {
        // The rows of a stream are sorted by time.
        var times = rows.TimesNs;
        var end = first + count;
        while (first < end && times[first] < Deletion.StartNs)
        {
            first++;
        }
        while (end > first && times[end - 1] > Deletion.EndNs)
        {
            end--;
        }
        var concerned = deleted[first..end];
        if (Filter is null)
        {
            concerned.Fill(true);
        }
        else if (!concerned.IsEmpty)
        {
            Filter.Take(stream, rows, first, concerned);
        }
    }
}
