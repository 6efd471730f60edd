using System.Collections.Concurrent;
using System.Globalization;

namespace Pharos.Storage.Text.Automata;

/// <summary>The classes of RE2 that have names: Perl's, POSIX' (both ASCII only) and Unicode's.</summary>
internal static class NamedClasses
{
    /// <summary>By name and whether folded; only names that exist are held, so it is bounded.</summary>
    private static readonly ConcurrentDictionary<(string Name, bool Folded), RuneSet> Known = new();

    private static readonly RuneSet Digits = Of("09");
    private static readonly RuneSet Spaces = Of("\t\n\f\r  ");

    /// <summary>The letters of Unicode's general categories, in the order of <see cref="UnicodeCategory"/>.</summary>
    private static readonly string[] Categories =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    /// <summary><c>\d</c>, <c>\s</c>, <c>\w</c>; null for another letter.</summary>
    public static RuneSet? Perl(char lower, bool folded) => lower switch
    {
        'd' => Digits,
        's' => Spaces,
        'w' => folded ? Known.GetOrAdd(("\\w", true), static _ => RuneFolds.Closure(RuneSet.WordCharacters)) : RuneSet.WordCharacters,
        _ => null,
    };

    /// <summary><c>[:name:]</c>; null for an unknown name.</summary>
    public static RuneSet? Posix(string name, bool folded)
    {
        var ranges = name switch
        {
            "alnum" => "09AZaz",
            "alpha" => "AZaz",
            "ascii" => "\0\x7F",
            "blank" => "\t\t  ",
            "cntrl" => "\0\x1F\x7F\x7F",
            "digit" => "09",
            "graph" => "!~",
            "lower" => "az",
            "print" => " ~",
            "punct" => "!/:@[`{~",
            "space" => "\t\r  ",
            "upper" => "AZ",
            "word" => "09AZ__az",
            "xdigit" => "09AFaf",
            _ => null,
        };
        return ranges is null ? null : Known.GetOrAdd(($"[:{name}:]", folded), key => key.Folded ? RuneFolds.Closure(Of(ranges)) : Of(ranges));
    }

    /// <summary><c>\p{name}</c>; null for an unknown name.</summary>
    /// <remarks>The framework knows no scripts: those that are here are taken for their main blocks.</remarks>
    public static RuneSet? Unicode(string name, bool folded)
    {
        if (Known.TryGetValue((name, folded), out var known))
        {
            return known;
        }
        var set = Script(name) is { } script ? Of(script) : Category(name);
        if (set is null)
        {
            return null;
        }
        return Known.GetOrAdd((name, folded), folded ? RuneFolds.Closure(set) : set);
    }

    private static string? Script(string name) => name switch
    {
        "Greek" => "\u0370\u03FF",
        "Cyrillic" => "\u0400\u04FF",
        "Hebrew" => "\u0590\u05FF",
        "Arabic" => "\u0600\u06FF",
        "Thai" => "\u0E00\u0E7F",
        "Hiragana" => "\u3040\u309F",
        "Katakana" => "\u30A0\u30FF",
        "Han" => "\u4E00\u9FFF",
        "Armenian" => "\u0530\u058F",
        "Devanagari" => "\u0900\u097F",
        _ => null,
    };

    /// <summary>A category, or all that begin with a letter, of which Go leaves out what is not assigned.</summary>
    private static RuneSet? Category(string name)
    {
        if (name == "Any")
        {
            return RuneSet.All;
        }
        if (name.Length is 0 or > 2 || !Array.Exists(Categories, category => category.StartsWith(name, StringComparison.Ordinal)))
        {
            return null;
        }
        var set = new RuneSetBuilder();
        var start = -1;
        for (var rune = 0; rune <= RuneSet.End; rune++)
        {
            var inside = rune < RuneSet.End && Categories[(int)CharUnicodeInfo.GetUnicodeCategory(rune)] is var category &&
                category.StartsWith(name, StringComparison.Ordinal) && (category != "Cn" || name == "Cn");
            if (inside && start < 0)
            {
                start = rune;
            }
            else if (!inside && start >= 0)
            {
                set.Add(start, rune - 1);
                start = -1;
            }
        }
        return set.ToSet();
    }

    /// <param name="ranges">The first and the last character of each.</param>
    private static RuneSet Of(string ranges)
    {
        var set = new RuneSetBuilder();
        for (var i = 0; i < ranges.Length; i += 2)
        {
            set.Add(ranges[i], ranges[i + 1]);
        }
        return set.ToSet();
    }
}
