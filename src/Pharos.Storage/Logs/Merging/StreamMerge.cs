using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Model;

namespace Pharos.Storage.Logs.Merging;

/// <summary>Merges the runs of one stream out of several parts by time; entries of one time stay in the order of the parts.</summary>
/// <remarks>Holds one decoded block of each part. A run that lies before all others is written at once, and as it is packed where it
/// is a block of its own.</remarks>
internal sealed class StreamMerge(LabelSet key, List<PartCursor> cursors, Func<LogStream, long, bool> isKept, LogPartWriter into)
{
    /// <summary>A smaller block is unpacked, so that it becomes part of a larger one.</summary>
    private const int MinPackedBytes = BlockBuilder.TargetBytes / 2;

    private readonly List<Source> _sources = [];
    private bool _isBegun;

    public void Run(CancellationToken cancellation)
    {
        foreach (var cursor in cursors)
        {
            var source = new Source(cursor, key);
            if (Settle(source))
            {
                _sources.Add(source);
            }
        }
        while (_sources.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var first = First();
            var untilNs = NextTimeNs(first, out var isInclusive);
            if (first.Row == 0 && first.Cursor.WholeBlock is { } block && block.Lines.RawBytes >= MinPackedBytes
                && (block.MaxTimeNs < untilNs || (isInclusive && block.MaxTimeNs == untilNs)))
            {
                Begin(first);
                into.AppendPacked(first.Cursor.Part, block, first.Cursor.Table);
                Next(first);
                continue;
            }
            if (first.Cursor.Rows() is not { } rows)
            {
                Next(first);
                continue;
            }
            WriteUntil(first, rows, untilNs, isInclusive);
        }
    }

    /// <summary>The source whose next row is the oldest; of several that of the oldest part.</summary>
    private Source First()
    {
        var first = _sources[0];
        foreach (var source in _sources)
        {
            if (source.TimeNs < first.TimeNs)
            {
                first = source;
            }
        }
        return first;
    }

    /// <summary>Up to when the rows of a source come before those of all others.</summary>
    private long NextTimeNs(Source first, out bool isInclusive)
    {
        var untilNs = long.MaxValue;
        isInclusive = true;
        var isBehind = false;
        foreach (var source in _sources)
        {
            if (ReferenceEquals(source, first))
            {
                isBehind = true;
                continue;
            }

            // Rows of the same time as one of a part that stands before wait for it.
            if (source.TimeNs < untilNs || (source.TimeNs == untilNs && isInclusive && !isBehind))
            {
                untilNs = source.TimeNs;
                isInclusive = isBehind;
            }
        }
        return untilNs;
    }

    private void WriteUntil(Source source, LogRows rows, long untilNs, bool isInclusive)
    {
        var run = source.Cursor.Run;
        var times = rows.TimesNs;
        var end = run.First + run.Count;
        var from = run.First + source.Row;
        var to = from + 1;
        while (to < end && (times[to] < untilNs || (isInclusive && times[to] == untilNs)))
        {
            to++;
        }
        for (var row = from; row < to;)
        {
            var stretch = row;
            while (stretch < to && !rows.IsDeleted(stretch))
            {
                stretch++;
            }
            if (stretch > row)
            {
                Begin(source);
                into.Append(rows, row, stretch - row);
            }
            row = stretch + 1;
        }
        source.Row += to - from;
        if (to == end)
        {
            Next(source);
        }
        else
        {
            source.TimeNs = times[to];
        }
    }

    private void Begin(Source source)
    {
        if (_isBegun)
        {
            return;
        }
        _isBegun = true;
        into.BeginStream(key, source.Cursor.Run.LineBytes);
    }

    private void Next(Source source)
    {
        source.Cursor.NextRun();
        if (!Settle(source))
        {
            _sources.Remove(source);
        }
    }

    /// <summary>Goes on to the next run that is kept; false where the source has none of the stream any more.</summary>
    private bool Settle(Source source)
    {
        source.Row = 0;
        while (source.HasRun)
        {
            if (isKept(source.Cursor.Stream, source.Cursor.Run.MaxTimeNs))
            {
                source.TimeNs = source.Cursor.Run.MinTimeNs;
                return true;
            }
            source.Cursor.NextRun();
        }
        return false;
    }

    private sealed class Source(PartCursor cursor, LabelSet key)
    {
        public PartCursor Cursor => cursor;

        public bool HasRun => !cursor.IsAtEnd && cursor.Key.Equals(key);

        /// <summary>Rows of the run that are written.</summary>
        public int Row { get; set; }

        /// <summary>Of the next row.</summary>
        public long TimeNs { get; set; }
    }
}
