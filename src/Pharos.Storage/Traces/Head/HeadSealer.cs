using System.Runtime.InteropServices;
using Pharos.Storage.Sealed;
using Pharos.Storage.Text;
using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Head;

/// <summary>Writes a head that takes no more spans into blocks, one for each of the newest days and one for all before them.</summary>
internal sealed class HeadSealer(TraceHead head, TraceFolder folder)
{
    /// <summary>Clients with wrong clocks make no more blocks than this.</summary>
    private const int MaxDays = 8;

    /// <summary>The spans of the trace at hand.</summary>
    private readonly List<RecordPlace> _places = [];

    /// <returns>The blocks, opened. Where one cannot be written none stays.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public List<TraceBlock> Seal(CancellationToken cancellation)
    {
        var snapshot = head.Snapshot();
        var numbers = new List<long>();
        var blocks = new List<TraceBlock>();
        var days = snapshot.Traces.Select(static trace => NanosecondTime.DayOf(trace.LastStartNs)).Distinct().OrderDescending().Take(MaxDays).ToList();
        try
        {
            foreach (var day in days)
            {
                numbers.Add(folder.Blocks.NextNumber());
                Write(snapshot, numbers[^1], day == days[^1] ? long.MinValue : day, day, cancellation);
                blocks.Add(folder.Blocks.Open(numbers[^1]));
            }
            return blocks;
        }
        catch
        {
            ISealedFile.ReleaseAll(blocks);
            foreach (var number in numbers)
            {
                folder.Blocks.RemoveIfThere(number);
            }
            throw;
        }
    }

    /// <summary>Writes the traces whose newest span is of some days, both inclusive.</summary>
    private void Write(HeadSnapshot snapshot, long number, long firstDay, long lastDay, CancellationToken cancellation)
    {
        var source = new HeadSource(snapshot);
        using var writer = folder.Create(number);
        var order = snapshot.NewestFirst;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            cancellation.ThrowIfCancellationRequested();
            var trace = snapshot.Traces[order[i]];
            if (NanosecondTime.DayOf(trace.LastStartNs) is var day && day >= firstDay && day <= lastDay)
            {
                if (TryOrder(snapshot, order[i]))
                {
                    writer.Add(trace.Tenant, CollectionsMarshal.AsSpan(_places));
                }
                else
                {
                    writer.Add(trace.Tenant, source.Spans(order[i]));
                }
            }
        }
        writer.Finish(number);
    }

    /// <summary>Gathers a trace's spans in the order of <see cref="Querying.SpanOrder"/>.</summary>
    /// <returns>False where two may be the same span, which only whole spans tell.</returns>
    private bool TryOrder(HeadSnapshot snapshot, int trace)
    {
        _places.Clear();
        var isInOrder = true;
        foreach (var place in snapshot.Places(trace))
        {
            _places.Add(new RecordPlace(snapshot.Records[place.Record], place.Span));
            isInOrder = isInOrder && (_places.Count == 1 || Compare(_places[^2], _places[^1]) < 0);
        }
        if (isInOrder)
        {
            return true;
        }
        _places.Sort(Compare);
        for (var i = 1; i < _places.Count; i++)
        {
            if (Compare(_places[i - 1], _places[i]) == 0)
            {
                return false;
            }
        }
        return true;
    }

    private static int Compare(RecordPlace left, RecordPlace right) =>
        left.StartNs.CompareTo(right.StartNs) is var byTime and not 0 ? byTime : left.SpanId.CompareTo(right.SpanId);
}
