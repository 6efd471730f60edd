using System.Text;

namespace Pharos.Server.Api.Prometheus.Search;

/// <summary>The Jaro-Winkler similarity of two texts: 1 for equal ones, 0 for those that share nothing.</summary>
internal static class JaroWinklerScore
{
    private const int MaxPrefix = 4;
    private const double PrefixWeight = 0.1;

    public static double Of(string left, string right)
    {
        if (left == right)
        {
            return 1;
        }
        Rune[] a = [.. left.EnumerateRunes()];
        Rune[] b = [.. right.EnumerateRunes()];
        var jaro = Jaro(a, b);
        var prefix = 0;
        while (prefix < Math.Min(MaxPrefix, Math.Min(a.Length, b.Length)) && a[prefix] == b[prefix])
        {
            prefix++;
        }
        return jaro + (prefix * PrefixWeight * (1 - jaro));
    }

    private static double Jaro(Rune[] a, Rune[] b)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            return 0;
        }
        var window = Math.Max(0, (Math.Max(a.Length, b.Length) / 2) - 1);
        var takenA = new bool[a.Length];
        var takenB = new bool[b.Length];
        var matches = 0;
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = Math.Max(0, i - window); j < Math.Min(b.Length, i + window + 1); j++)
            {
                if (!takenB[j] && a[i] == b[j])
                {
                    takenA[i] = takenB[j] = true;
                    matches++;
                    break;
                }
            }
        }
        if (matches == 0)
        {
            return 0;
        }
        var transposed = a.Where((_, i) => takenA[i]).Zip(b.Where((_, j) => takenB[j])).Count(pair => pair.First != pair.Second);
        double m = matches;
        return ((m / a.Length) + (m / b.Length) + ((m - (transposed / 2d)) / m)) / 3;
    }
}
