using CsCheck;
using Pharos.Query.TraceQL.Evaluation;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Traces;

namespace Pharos.Query.Tests.TraceQL;

/// <summary>Operators on the structure find in linear time what comparing every span with every other finds.</summary>
public sealed class StructuralMatchTests
{
    private const int MaxSpans = 24;

    /// <summary>Parents by number: some are roots, some unknown, some go round in circles.</summary>
    private static readonly Gen<int[]> Parents = Gen.Int[1, MaxSpans].SelectMany(static count => Gen.Int[-2, count - 1].Array[count]);

    private static readonly Gen<bool[]> Chosen = Gen.Bool.Array[MaxSpans];

    [Fact]
    public void Relations_are_those_of_a_quadratic_search() => Gen.Select(
            Parents, Chosen, Chosen, Gen.Int[(int)SpansetOperator.Child, (int)SpansetOperator.Sibling], Gen.Int[0, 2])
        .Sample(static (parents, leftChosen, rightChosen, op, form) =>
        {
            var (left, right) = (leftChosen[..parents.Length], rightChosen[..parents.Length]);
            var tree = SpanTree.Of(Spans(parents));
            var found = StructuralMatch.Find(tree, (SpansetOperator)op, (StructureForm)form, left, right);
            Assert.Equal(Naive(parents, (SpansetOperator)op, (StructureForm)form, left, right), found);
        }, iter: 20_000, threads: 1);

    [Fact]
    public void Nested_sets_hold_the_numbers_of_all_descendants() => Parents.Sample(static parents =>
    {
        var tree = SpanTree.Of(Spans(parents));
        for (var a = 0; a < parents.Length; a++)
        {
            for (var b = 0; b < parents.Length; b++)
            {
                var isInside = tree.Left(a) > 0 && tree.Left(b) > tree.Left(a) && tree.Right(b) < tree.Right(a);
                Assert.Equal(Above(parents, b).Contains(a), isInside);
            }
            Assert.Equal(Enumerable.Range(0, parents.Length).Count(b => Parent(parents, b) == a), tree.ChildCount(a));
        }
    }, iter: 5_000, threads: 1);

    [Fact]
    public void A_chain_of_a_hundred_thousand_spans_takes_no_stack()
    {
        var spans = Spans([.. Enumerable.Range(-1, 100_000)]);
        var tree = SpanTree.Of(spans);
        var (left, right) = (new bool[spans.Length], new bool[spans.Length]);
        left[0] = true;
        Array.Fill(right, true);
        Assert.Equal(spans.Length - 1, StructuralMatch.Find(tree, SpansetOperator.Descendant, StructureForm.Plain, left, right).Count(static found => found));
        Assert.Equal(2 * spans.Length, tree.Right(0));
    }

    [Fact]
    public void A_server_with_its_clients_id_is_the_clients_child()
    {
        Span Make(ulong id, ulong parent, SpanKind kind, long start) =>
            new() { TraceId = new TraceId(0, 1), SpanId = id, ParentSpanId = parent, Kind = kind, StartNs = start };
        // root -> client 2 = server 2 -> inner 3
        var tree = SpanTree.Of([Make(1, 0, SpanKind.Internal, 0), Make(2, 1, SpanKind.Client, 1), Make(2, 1, SpanKind.Server, 2), Make(3, 2, SpanKind.Internal, 3)]);
        Assert.Equal([-1, 0, 1, 2], Enumerable.Range(0, 4).Select(tree.Parent));
    }

    private static Span[] Spans(int[] parents) => [.. parents.Select(static (parent, i) => new Span
    {
        TraceId = new TraceId(0, 1), SpanId = (ulong)i + 1, ParentSpanId = parent switch { -1 => 0, -2 => 999_999, _ => (ulong)parent + 1 },
    })];

    /// <summary>-1 for none: also of whatever never gets to a root.</summary>
    private static int Parent(int[] parents, int span) => parents[span] >= 0 && parents[span] != span && IsInTree(parents, span) ? parents[span] : -1;

    private static bool IsInTree(int[] parents, int span)
    {
        for (var steps = 0; steps <= parents.Length; steps++)
        {
            if (parents[span] < 0 || parents[span] == span)
            {
                return true;
            }
            span = parents[span];
        }
        return false;
    }

    private static HashSet<int> Above(int[] parents, int span)
    {
        var above = new HashSet<int>();
        for (var at = Parent(parents, span); at >= 0; at = Parent(parents, at))
        {
            above.Add(at);
        }
        return above;
    }

    private static bool[] Naive(int[] parents, SpansetOperator op, StructureForm form, bool[] left, bool[] right)
    {
        var found = new bool[parents.Length];
        for (var b = 0; b < parents.Length; b++)
        {
            var related = false;
            for (var a = 0; a < parents.Length; a++)
            {
                var holds = left[a] && right[b] && Holds(parents, op, a, b);
                related |= holds;
                found[a] |= holds && form == StructureForm.Union;
            }
            found[b] |= form == StructureForm.Negated ? right[b] && !related : related;
        }
        return found;
    }

    private static bool Holds(int[] parents, SpansetOperator op, int a, int b) => op switch
    {
        SpansetOperator.Child => Parent(parents, b) == a,
        SpansetOperator.Parent => Parent(parents, a) == b,
        SpansetOperator.Descendant => Above(parents, b).Contains(a),
        SpansetOperator.Ancestor => Above(parents, a).Contains(b),
        _ => a != b && Parent(parents, a) >= 0 && Parent(parents, a) == Parent(parents, b),
    };
}
