using Pharos.Collection.Shipping.Stages.Times;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Stages.Parsing;

/// <summary><c>cri</c>: a line of a container runtime: <c>2019-01-01T01:00:00.000000001Z stderr P text</c>. Lines with the flag P are
/// parts that the next line of the same stream goes on with.</summary>
public sealed class CriStage(int maxPartialLines, int maxPartialBytes, bool truncate, StageContext context) : IHoldingStage
{
    private readonly Dictionary<LabelSet, ShippedEntry> _partial = [];

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        var isPartial = Read(entry);
        var stream = entry.Labels.Build();
        if (!isPartial)
        {
            if (_partial.Remove(stream, out var before))
            {
                Join(before, entry);
            }
            next.Take(entry);
            return;
        }
        if (_partial.Count >= maxPartialLines && !_partial.ContainsKey(stream))
        {
            context.Logger.LogPartialOverflow(context.Job, maxPartialLines);
            Flush(0, everything: true, next);
        }
        if (_partial.TryGetValue(stream, out var earlier))
        {
            Join(earlier, entry);
        }
        Cut(entry);
        _partial[stream] = entry;
    }

    public void Flush(long nowMs, bool everything, IEntryOutput next)
    {
        if (!everything)
        {
            return;
        }
        foreach (var entry in _partial.Values)
        {
            next.Take(entry);
        }
        _partial.Clear();
    }

    public void AddHeld(List<SourceRange> held) => held.AddRange(_partial.Values.SelectMany(entry => entry.Sources));

    private void Join(ShippedEntry before, ShippedEntry entry)
    {
        entry.Line = before.Line + entry.Line;
        entry.Sources.InsertRange(0, before.Sources);
        Cut(entry);
    }

    private void Cut(ShippedEntry entry)
    {
        if (truncate && maxPartialBytes > 0 && entry.LineBytes > maxPartialBytes)
        {
            entry.Line = TextCut.ToBytes(entry.Line, maxPartialBytes);
        }
    }

    /// <summary>Takes the line apart, where it is one; true for a part.</summary>
    private static bool Read(ShippedEntry entry)
    {
        var line = entry.Line;
        var first = line.IndexOf(' ', StringComparison.Ordinal);
        var second = first <= 0 ? -1 : line.IndexOf(' ', first + 1);
        var third = second < 0 ? -1 : line.IndexOf(' ', second + 1);
        if (third <= second + 1 || line.AsSpan(0, third).ContainsAny("\t\n\r\f\v"))
        {
            return false;
        }
        var stream = line[(first + 1)..second];
        if (stream is not ("stdout" or "stderr"))
        {
            return false;
        }
        var time = line[..first];
        var flags = line[(second + 1)..third];
        var content = line[(third + 1)..];
        entry.Extracted["time"] = time;
        entry.Extracted["stream"] = stream;
        entry.Extracted["flags"] = flags;
        entry.Extracted["content"] = content;
        entry.Labels.Set("stream", stream);
        if (GoLayoutParser.TryParse(GoLayouts.Rfc3339Nano, time, out var parsed))
        {
            entry.TimeNs = parsed.UnixNs;
        }
        entry.Line = content;
        return flags == "P";
    }
}
