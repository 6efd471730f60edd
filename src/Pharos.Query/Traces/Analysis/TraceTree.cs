using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Analysis;

/// <summary>The spans of a trace as a tree, in the order in which a reader meets them: a parent, then each child with all below it.</summary>
/// <remarks>Siblings stand by their start. A span whose parent is not stored is a root, and so is one that would be its own ancestor.
/// Where two spans share an id, as Zipkin's client and server do, the server is a child of the client, and children are the server's.
/// Immutable; made without recursion, since a trace may be a chain of any length.</remarks>
public sealed class TraceTree
{
    public const int NoParent = -1;

    private readonly TraceNode[] _nodes;

    private TraceTree(TraceId id, TraceNode[] nodes, int leftOut)
    {
        Id = id;
        _nodes = nodes;
        LeftOut = leftOut;
        (StartNs, EndNs) = nodes.Length == 0 ? (0, 0) : (nodes.Min(static node => node.Span.StartNs), nodes.Max(static node => node.Span.EndNs));
        EndNs = Math.Max(StartNs, EndNs);
    }

    public TraceId Id { get; }

    public int Count => _nodes.Length;

    /// <summary>Spans that are stored and were left out of the answer.</summary>
    public int LeftOut { get; }

    public long StartNs { get; }

    public long EndNs { get; }

    public long DurationNs => EndNs - StartNs;

    public IReadOnlyList<TraceNode> Nodes => _nodes;

    public ref readonly TraceNode this[int row] => ref _nodes[row];

    public static TraceTree Of(Trace trace)
    {
        var spans = trace.Spans.OrderBy(static span => span.StartNs).ThenByDescending(static span => span.EndNs).ToArray();
        var parents = Parents(spans);
        var (first, next) = Siblings(parents);
        return new TraceTree(trace.Id, Walk(spans, parents, first, next), trace.LeftOut);
    }

    /// <summary>The index of each span's parent.</summary>
    private static int[] Parents(Span[] spans)
    {
        // Who stands above children, and who stands above further spans of the same id.
        var owners = new Dictionary<ulong, int>(spans.Length);
        var firsts = new Dictionary<ulong, int>(spans.Length);
        for (var i = 0; i < spans.Length; i++)
        {
            var id = spans[i].SpanId;
            if (!owners.TryGetValue(id, out var known) || spans[i].Kind is SpanKind.Server && spans[known].Kind is not SpanKind.Server)
            {
                owners[id] = i;
            }
            if (!firsts.TryGetValue(id, out known) || spans[i].Kind is SpanKind.Client && spans[known].Kind is not SpanKind.Client)
            {
                firsts[id] = i;
            }
        }
        var parents = new int[spans.Length];
        for (var i = 0; i < spans.Length; i++)
        {
            var first = firsts[spans[i].SpanId];
            parents[i] = first != i ? first
                : spans[i].ParentSpanId != 0 && owners.TryGetValue(spans[i].ParentSpanId, out var parent) && parent != i ? parent : NoParent;
        }
        BreakCircles(parents);
        return parents;
    }

    /// <summary>Makes the earliest span of every circle a root.</summary>
    private static void BreakCircles(int[] parents)
    {
        // 0: not looked at; otherwise the number of the walk that came by.
        var seen = new int[parents.Length];
        for (var i = 0; i < parents.Length; i++)
        {
            var at = i;
            while (at != NoParent && seen[at] == 0)
            {
                seen[at] = i + 1;
                at = parents[at];
            }
            if (at != NoParent && seen[at] == i + 1)
            {
                var earliest = at;
                for (var member = parents[at]; member != at; member = parents[member])
                {
                    earliest = Math.Min(earliest, member);
                }
                parents[earliest] = NoParent;
            }
        }
    }

    /// <summary>For each span, and last for the roots, its first child; for each span its next sibling.</summary>
    private static (int[] First, int[] Next) Siblings(int[] parents)
    {
        var first = new int[parents.Length + 1];
        var next = new int[parents.Length];
        Array.Fill(first, -1);
        for (var i = parents.Length - 1; i >= 0; i--)
        {
            var parent = parents[i] == NoParent ? parents.Length : parents[i];
            next[i] = first[parent];
            first[parent] = i;
        }
        return (first, next);
    }

    private static TraceNode[] Walk(Span[] spans, int[] parents, int[] first, int[] next)
    {
        var nodes = new TraceNode[spans.Length];
        var rows = new int[spans.Length];
        var row = 0;
        for (var at = first[spans.Length]; at != -1;)
        {
            rows[at] = row;
            var parent = parents[at] == NoParent ? NoParent : rows[parents[at]];
            nodes[row] = new TraceNode
            {
                Span = spans[at],
                Parent = parent,
                Depth = parent == NoParent ? 0 : nodes[parent].Depth + 1,
                IsOrphan = parent == NoParent && spans[at].ParentSpanId != 0,
            };
            row++;
            if (first[at] != -1)
            {
                at = first[at];
                continue;
            }
            while (at != -1 && next[at] == -1)
            {
                at = parents[at];
            }
            at = at == -1 ? -1 : next[at];
        }
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            if (nodes[i].Parent is not NoParent and var parent)
            {
                nodes[parent].Children++;
                nodes[parent].Descendants += nodes[i].Descendants + 1;
            }
        }
        return nodes;
    }
}
