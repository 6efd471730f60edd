using System.Runtime.InteropServices;
using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>How the spans of a trace lie under each other, found in linear time. Spans are named by their place in the trace.</summary>
/// <remarks>Spans whose parent is not stored begin trees as roots do. Spans that are their own ancestors belong to no tree. Of two
/// spans with one id, as Zipkin's clients make them, the server's is the client's child and has the children.</remarks>
internal sealed class SpanTree
{
    public const int None = -1;

    private readonly IReadOnlyList<Span> _spans;
    private readonly int[] _parents;
    private readonly int[] _left;
    private readonly int[] _right;
    private readonly int[] _children;
    private readonly int[] _order;

    private SpanTree(IReadOnlyList<Span> spans)
    {
        _spans = spans;
        _parents = new int[spans.Count];
        _left = new int[spans.Count];
        _right = new int[spans.Count];
        _children = new int[spans.Count];
        _order = new int[spans.Count];
    }

    /// <summary>Spans that are in a tree, each behind its parent.</summary>
    public ReadOnlySpan<int> Order => _order.AsSpan(0, Ordered);

    private int Ordered { get; set; }

    public static SpanTree Of(IReadOnlyList<Span> spans)
    {
        var tree = new SpanTree(spans);
        tree.FindParents();
        tree.Number();
        return tree;
    }

    /// <summary><see cref="None"/> for whatever begins a tree or is in none.</summary>
    public int Parent(int span) => _parents[span];

    public int ChildCount(int span) => _children[span];

    /// <summary>From 1, each number once; 0 for a span in no tree. A span's descendants have the numbers between its left and its right.</summary>
    public int Left(int span) => _left[span];

    public int Right(int span) => _right[span];

    /// <summary>The parent's left; -1 of a root, 0 of a span whose parent is not known.</summary>
    public int NestedSetParent(int span) => _parents[span] != None ? _left[_parents[span]] : _spans[span].ParentSpanId == 0 ? -1 : 0;

    private void FindParents()
    {
        var first = new Dictionary<ulong, int>(_spans.Count);
        Dictionary<ulong, (int Client, int Server)>? shared = null;
        for (var i = 0; i < _spans.Count; i++)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(first, _spans[i].SpanId, out var isShared);
            if (!isShared)
            {
                known = i;
                continue;
            }
            shared ??= [];
            if (!shared.TryGetValue(_spans[i].SpanId, out var pair))
            {
                pair = Fill((None, None), known);
            }
            shared[_spans[i].SpanId] = Fill(pair, i);
        }
        for (var i = 0; i < _spans.Count; i++)
        {
            _parents[i] = ParentOf(i, first, shared);
        }
    }

    private (int Client, int Server) Fill((int Client, int Server) pair, int span) => _spans[span].Kind switch
    {
        SpanKind.Client when pair.Client == None => pair with { Client = span },
        SpanKind.Server when pair.Server == None => pair with { Server = span },
        _ => pair,
    };

    private int ParentOf(int span, Dictionary<ulong, int> first, Dictionary<ulong, (int Client, int Server)>? shared)
    {
        if (shared is not null && shared.TryGetValue(_spans[span].SpanId, out var own) && own.Server == span && own.Client != None)
        {
            return own.Client;
        }
        var id = _spans[span].ParentSpanId;
        if (id == 0 || !first.TryGetValue(id, out var parent))
        {
            return None;
        }
        if (shared is not null && shared.TryGetValue(id, out var pair) && pair.Server != None && pair.Server != span)
        {
            parent = pair.Server;
        }
        return parent == span ? None : parent;
    }

    /// <summary>Walks down from each root; what is not met then goes round in circles.</summary>
    private void Number()
    {
        var firstChild = new int[_spans.Count];
        var nextSibling = new int[_spans.Count];
        Array.Fill(firstChild, None);
        Array.Fill(nextSibling, None);
        for (var i = _spans.Count - 1; i >= 0; i--)
        {
            if (_parents[i] is not None and var parent)
            {
                nextSibling[i] = firstChild[parent];
                firstChild[parent] = i;
            }
        }
        var number = 0;
        for (var root = 0; root < _spans.Count; root++)
        {
            if (_parents[root] == None)
            {
                Walk(root, firstChild, nextSibling, ref number);
            }
        }
        for (var i = 0; i < _spans.Count; i++)
        {
            if (_left[i] == 0)
            {
                _parents[i] = None;
            }
            else if (_parents[i] is not None and var parent)
            {
                _children[parent]++;
            }
        }
    }

    private void Walk(int root, int[] firstChild, int[] nextSibling, ref int number)
    {
        for (var at = root; ;)
        {
            _left[at] = ++number;
            _order[Ordered++] = at;
            if (firstChild[at] != None)
            {
                at = firstChild[at];
                continue;
            }
            while (true)
            {
                _right[at] = ++number;
                if (at == root)
                {
                    return;
                }
                if (nextSibling[at] != None)
                {
                    at = nextSibling[at];
                    break;
                }
                at = _parents[at];
            }
        }
    }
}
