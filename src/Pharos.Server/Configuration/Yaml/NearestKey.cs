namespace Pharos.Server.Configuration.Yaml;

/// <summary>Finds the known key that a mistyped one most likely stands for.</summary>
internal static class NearestKey
{
    /// <summary>Keys longer than this are compared as unknown: the distance costs the product of both lengths.</summary>
    private const int MaxKeyLength = 64;

    /// <summary>The nearest of the known keys, or null where none is near (a third of its letters may differ).</summary>
    public static string? Find(string key, IEnumerable<string> known)
    {
        if (key.Length > MaxKeyLength)
        {
            return null;
        }
        string? nearest = null;
        var smallest = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(key, candidate);
            if (distance < smallest && distance <= Math.Max(1, candidate.Length / 3))
            {
                (nearest, smallest) = (candidate, distance);
            }
        }
        return nearest;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one into the other; the case of
    /// letters and <c>-</c> for <c>_</c> count nothing.</summary>
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            rows[i, 0] = i;
        }
        for (var j = 0; j <= right.Length; j++)
        {
            rows[0, j] = j;
        }
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var same = Fold(left[i - 1]) == Fold(right[j - 1]);
                var best = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && Fold(left[i - 1]) == Fold(right[j - 2]) && Fold(left[i - 2]) == Fold(right[j - 1]))
                {
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                }
                rows[i, j] = best;
            }
        }
        return rows[left.Length, right.Length];
    }

    private static char Fold(char c) => c == '-' ? '_' : char.ToLowerInvariant(c);
}
