using Pharos.Storage.Model;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>The order of Go's strings, which is that of their UTF-8 bytes. It differs from .NET's ordinal one only where
/// characters beyond U+FFFF meet those from U+E000 to U+FFFF.</summary>
internal sealed class Utf8Order : IComparer<string>, IComparer<LabelSet>
{
    public static readonly Utf8Order Instance = new();

    public int Compare(string? left, string? right)
    {
        var a = left.AsSpan();
        var b = right.AsSpan();
        var same = a.CommonPrefixLength(b);
        return same == a.Length || same == b.Length
            ? a.Length.CompareTo(b.Length)
            : Weight(a[same]).CompareTo(Weight(b[same]));
    }

    public int Compare(LabelSet? left, LabelSet? right)
    {
        var a = left!.Span;
        var b = right!.Span;
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var byName = Compare(a[i].Name, b[i].Name);
            var compared = byName != 0 ? byName : Compare(a[i].Value, b[i].Value);
            if (compared != 0)
            {
                return compared;
            }
        }
        return a.Length.CompareTo(b.Length);
    }

    /// <summary>Surrogates come after everything else.</summary>
    private static int Weight(char c) => char.IsSurrogate(c) ? c + char.MaxValue : c;
}
