using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>Finds spans that stand in a relation to others, in linear time.</summary>
internal static class StructuralMatch
{
    /// <param name="left">Whether a span is in the set at the operator's left.</param>
    /// <param name="right">As <paramref name="left"/>, at its right.</param>
    /// <returns>Whether a span is in the result.</returns>
    public static bool[] Find(SpanTree tree, SpansetOperator op, StructureForm form, bool[] left, bool[] right)
    {
        var found = Related(tree, op, left, right);
        if (form == StructureForm.Negated)
        {
            for (var i = 0; i < found.Length; i++)
            {
                found[i] = right[i] && !found[i];
            }
        }
        else if (form == StructureForm.Union)
        {
            var others = Related(tree, Reverse(op), right, left);
            for (var i = 0; i < found.Length; i++)
            {
                found[i] |= others[i];
            }
        }
        return found;
    }

    private static SpansetOperator Reverse(SpansetOperator op) => op switch
    {
        SpansetOperator.Child => SpansetOperator.Parent,
        SpansetOperator.Parent => SpansetOperator.Child,
        SpansetOperator.Descendant => SpansetOperator.Ancestor,
        SpansetOperator.Ancestor => SpansetOperator.Descendant,
        _ => op,
    };

    private static bool[] Related(SpanTree tree, SpansetOperator op, bool[] left, bool[] right)
    {
        var related = op switch
        {
            SpansetOperator.Child => Children(tree, left),
            SpansetOperator.Parent => Parents(tree, left),
            SpansetOperator.Descendant => Descendants(tree, left),
            SpansetOperator.Ancestor => Ancestors(tree, left),
            _ => Siblings(tree, left),
        };
        for (var i = 0; i < related.Length; i++)
        {
            related[i] &= right[i];
        }
        return related;
    }

    private static bool[] Children(SpanTree tree, bool[] of)
    {
        var found = new bool[of.Length];
        for (var i = 0; i < of.Length; i++)
        {
            found[i] = tree.Parent(i) is not SpanTree.None and var parent && of[parent];
        }
        return found;
    }

    private static bool[] Parents(SpanTree tree, bool[] of)
    {
        var found = new bool[of.Length];
        for (var i = 0; i < of.Length; i++)
        {
            if (of[i] && tree.Parent(i) is not SpanTree.None and var parent)
            {
                found[parent] = true;
            }
        }
        return found;
    }

    private static bool[] Descendants(SpanTree tree, bool[] of)
    {
        var found = new bool[of.Length];
        foreach (var span in tree.Order)
        {
            found[span] = tree.Parent(span) is not SpanTree.None and var parent && (of[parent] || found[parent]);
        }
        return found;
    }

    private static bool[] Ancestors(SpanTree tree, bool[] of)
    {
        var found = new bool[of.Length];
        var order = tree.Order;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            if (tree.Parent(order[i]) is not SpanTree.None and var parent)
            {
                found[parent] |= of[order[i]] || found[order[i]];
            }
        }
        return found;
    }

    private static bool[] Siblings(SpanTree tree, bool[] of)
    {
        var below = new int[of.Length];
        for (var i = 0; i < of.Length; i++)
        {
            if (of[i] && tree.Parent(i) is not SpanTree.None and var parent)
            {
                below[parent]++;
            }
        }
        var found = new bool[of.Length];
        for (var i = 0; i < of.Length; i++)
        {
            found[i] = tree.Parent(i) is not SpanTree.None and var parent && below[parent] > (of[i] ? 1 : 0);
        }
        return found;
    }
}
