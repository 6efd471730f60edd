namespace Pharos.Storage.Tests.Text.Automata;

/// <summary>A random pattern that Go and .NET read alike on ASCII texts, but for what <see cref="ForDotNet"/> writes otherwise.</summary>
/// <param name="random">Where it comes from.</param>
/// <param name="nullableLoops">Whether what can match nothing is repeated, which .NET does not always get right.</param>
internal sealed class GeneratedPattern(Random random, bool nullableLoops)
{
    private const string Alphabet = "abAB-_1 \n";

    private static readonly string[] Atoms =
    [
        "a", "b", "B", "_", "-", "ab", ".", "[ab]", "[^a]", "[^A-Z]", @"[\d_]", @"[^\w]", "[[:alpha:]]", @"\d", @"\w", @"\W", @"\s", @"\n", @"\x61",
        @"\pL", @"\p{Lu}", @"\P{L}", "(?i:a)", "(?i:[a])", "(?s:.)", "(?i:b-)",
    ];

    private static readonly string[] Places = [@"\b", @"\B", @"\A", @"\z", "^", "$", "(?m:^)", "(?m:$)"];

    private static readonly string[] Repetitions = ["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}", "{0}", "*?", "+?", "??", "{1,3}?"];

    /// <summary>In Go's words, and in .NET's.</summary>
    public (string Go, string DotNet) Next()
    {
        var (go, _) = Alternation(3);
        return (go, ForDotNet(go));
    }

    public string Text() => new([.. Enumerable.Range(0, random.Next(9)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);

    /// <summary>A dollar is the end only, and POSIX classes are spelled out.</summary>
    private static string ForDotNet(string go) => go
        .Replace("(?m:$)", "(?m:\u0001)", StringComparison.Ordinal).Replace("$", @"\z", StringComparison.Ordinal).Replace('\u0001', '$')
        .Replace(@"\pL", @"\p{L}", StringComparison.Ordinal).Replace("[[:alpha:]]", "[A-Za-z]", StringComparison.Ordinal);

    private (string Text, bool IsNullable) Alternation(int depth)
    {
        var branches = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Sequence(depth)).ToList();
        return (string.Join('|', branches.Select(branch => branch.Text)), branches.Any(branch => branch.IsNullable));
    }

    private (string Text, bool IsNullable) Sequence(int depth)
    {
        var parts = Enumerable.Range(0, random.Next(0, 4)).Select(_ => Part(depth)).ToList();
        return (string.Concat(parts.Select(part => part.Text)), parts.All(part => part.IsNullable));
    }

    private (string Text, bool IsNullable) Part(int depth)
    {
        if (random.Next(10) == 0)
        {
            return (Places[random.Next(Places.Length)], true);
        }
        var (text, nullable) = depth > 0 && random.Next(3) == 0 ? Alternation(depth - 1) : (Atoms[random.Next(Atoms.Length)], false);
        text = random.Next(2) == 0 ? $"({text})" : $"(?:{text})";
        if (random.Next(2) == 0 || (nullable && !nullableLoops))
        {
            return (text, nullable);
        }
        var repetition = Repetitions[random.Next(Repetitions.Length)];
        return (text + repetition, nullable || repetition[0] is '*' or '?' || repetition.StartsWith("{0", StringComparison.Ordinal));
    }
}
