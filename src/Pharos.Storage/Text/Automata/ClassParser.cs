namespace Pharos.Storage.Text.Automata;

/// <summary>Reads character classes: <c>[a-z]</c>, <c>\d</c>, <c>\p{Lu}</c>.</summary>
internal sealed class ClassParser(PatternReader reader)
{
    /// <summary>A class in brackets, the first of which is next.</summary>
    public RuneSet Brackets(bool folded)
    {
        var start = reader.At++;
        var negative = !reader.IsAtEnd && reader.Rest[0] == '^';
        reader.At += negative ? 1 : 0;
        var named = new RuneSetBuilder();
        var written = new RuneSetBuilder();
        for (var first = true; reader.IsAtEnd || reader.Rest[0] != ']' || first; first = false)
        {
            if (TryNamed(folded) is { } set)
            {
                named.Add(set);
                continue;
            }
            var rangeStart = reader.At;
            var low = Rune(start);
            var high = low;
            if (reader.Rest.Length >= 2 && reader.Rest[0] == '-' && reader.Rest[1] != ']')
            {
                reader.At++;
                high = Rune(start);
                if (high < low)
                {
                    throw PatternReader.Error("invalid character class range", reader.Since(rangeStart));
                }
            }
            written.Add(low, high);
        }
        reader.At++;
        // The named ones are folded before they are negated, each by itself.
        named.Add(folded ? RuneFolds.Closure(written.ToSet()) : written.ToSet());
        return negative ? named.ToSet().Negated() : named.ToSet();
    }

    /// <summary>A class by a backslash and a letter, or null where something else is next.</summary>
    public RuneSet? TryEscaped(bool folded)
    {
        if (reader.Rest.Length < 2 || reader.Rest[0] != '\\')
        {
            return null;
        }
        var letter = reader.Rest[1];
        if (letter is 'p' or 'P')
        {
            return Unicode(folded);
        }
        if (!char.IsAsciiLetter(letter) || NamedClasses.Perl(char.ToLowerInvariant(letter), folded) is not { } set)
        {
            return null;
        }
        reader.At += 2;
        return char.IsAsciiLetterUpper(letter) ? set.Negated() : set;
    }

    private RuneSet? TryNamed(bool folded)
    {
        if (!reader.Rest.StartsWith("[:"))
        {
            return TryEscaped(folded);
        }
        var start = reader.At;
        var length = reader.Rest[2..].IndexOf(":]");
        if (length < 0)
        {
            return null;
        }
        var name = reader.Rest.Slice(2, length).ToString();
        reader.At += length + 4;
        var negative = name.StartsWith('^');
        var set = NamedClasses.Posix(negative ? name[1..] : name, folded) ??
            throw PatternReader.Error("invalid character class range", reader.Since(start));
        return negative ? set.Negated() : set;
    }

    /// <summary><c>\pL</c>, <c>\p{Lu}</c>, <c>\P{^Greek}</c>.</summary>
    private RuneSet Unicode(bool folded)
    {
        var start = reader.At;
        var negative = reader.Rest[1] == 'P';
        reader.At += 2;
        var name = "";
        if (!reader.IsAtEnd && reader.Rest[0] == '{')
        {
            var length = reader.Rest.IndexOf('}');
            name = length < 0 ? "" : reader.Rest[1..length].ToString();
            reader.At += length < 0 ? reader.Rest.Length : length + 1;
        }
        else if (!reader.IsAtEnd)
        {
            var letter = reader.At;
            reader.ReadRune();
            name = reader.Since(letter);
        }
        if (name.StartsWith('^'))
        {
            negative = !negative;
            name = name[1..];
        }
        var set = NamedClasses.Unicode(name, folded) ?? throw PatternReader.Error("invalid character class range", reader.Since(start));
        return negative ? set.Negated() : set;
    }

    private int Rune(int classStart)
    {
        if (reader.IsAtEnd)
        {
            throw PatternReader.Error("missing closing ]", reader.Since(classStart));
        }
        return reader.Rest[0] == '\\' ? reader.ReadEscapedRune() : reader.ReadRune();
    }
}
