using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Logs.Deletion;
using Pharos.Storage.Model;

namespace Pharos.Storage.Logs.Merging;

/// <summary>Writes the entries of some parts of one day into one, by stream and time, without those that are deleted or past their retention.</summary>
/// <param name="isKept">Whether a stream's entries of up to a time are kept; those of a run go together.</param>
internal sealed class LogMerger(IReadOnlyList<LogPart> sources, PendingDeletion[] deletions, Func<LogStream, long, bool> isKept, IPartDamage damage)
{
    private readonly List<PartCursor> _cursors = [.. sources.OrderBy(static part => part.Meta.Number).Select(part => new PartCursor(part, deletions, damage))];

    /// <returns>Whether there was anything to write.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public bool Run(LogPartWriter into, CancellationToken cancellation)
    {
        var same = new List<PartCursor>();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            same.Clear();
            LabelSet? key = null;
            foreach (var cursor in _cursors)
            {
                if (cursor.IsAtEnd)
                {
                    continue;
                }
                var order = key is null ? -1 : cursor.Key.CompareTo(key);
                if (order < 0)
                {
                    same.Clear();
                    key = cursor.Key;
                }
                if (order <= 0)
                {
                    same.Add(cursor);
                }
            }
            if (key is null)
            {
                return !into.IsEmpty;
            }
            new StreamMerge(key, same, isKept, into).Run(cancellation);
        }
    }
}
