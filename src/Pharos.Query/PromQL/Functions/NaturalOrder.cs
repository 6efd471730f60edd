namespace Pharos.Query.PromQL.Functions;

/// <summary>Orders texts so that runs of digits count as numbers: <c>a2</c> before <c>a10</c>.</summary>
internal static class NaturalOrder
{
    public static int Compare(string left, string right)
    {
        var (i, j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            if (!char.IsAsciiDigit(left[i]) || !char.IsAsciiDigit(right[j]))
            {
                if (left[i] != right[j])
                {
                    return left[i].CompareTo(right[j]);
                }
                i++;
                j++;
                continue;
            }
            var a = Digits(left, ref i);
            var b = Digits(right, ref j);
            var order = a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
            if (order != 0)
            {
                return order;
            }
        }
        return (left.Length - i).CompareTo(right.Length - j);
    }

    private static string Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }
        return text[start..at].TrimStart('0');
    }
}
