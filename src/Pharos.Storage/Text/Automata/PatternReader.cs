using System.Text;

namespace Pharos.Storage.Text.Automata;

/// <summary>Reads a pattern piece by piece: code points, escapes and repetition counts.</summary>
internal sealed class PatternReader(string pattern)
{
    private const int MaxRepeat = 1000;

    private readonly string _pattern = pattern;

    /// <summary>The next character to be read.</summary>
    public int At { get; set; }

    public bool IsAtEnd => At >= _pattern.Length;

    public ReadOnlySpan<char> Rest => _pattern.AsSpan(At);

    public static GoRegexException Error(string what, string where) => new($"error parsing regexp: {what}: `{where}`");

    /// <summary>What has been read since a place.</summary>
    public string Since(int start) => _pattern[start..Math.Min(At, _pattern.Length)];

    /// <summary>Reads <c>{2}</c>, <c>{2,}</c> or <c>{2,5}</c>; what looks otherwise is text.</summary>
    public bool TryReadCount(out int min, out int max)
    {
        (min, max) = (0, 0);
        var start = At;
        var length = Rest.IndexOf('}');
        if (length < 0)
        {
            return false;
        }
        var body = Rest[1..length];
        var comma = body.IndexOf(',');
        var low = comma < 0 ? body : body[..comma];
        var high = comma < 0 ? body : body[(comma + 1)..];
        if (!TryReadNumber(low, out min) || (high.Length > 0 && !TryReadNumber(high, out max)))
        {
            return false;
        }
        max = high.Length > 0 ? max : PatternNode.Unbounded;
        At += length + 1;
        return min > MaxRepeat || max > MaxRepeat || (max >= 0 && min > max) ? throw Error("invalid repeat count", Since(start)) : true;
    }

    /// <summary>The next code point; half a surrogate pair is what Go makes of bytes that are no UTF-8.</summary>
    public int ReadRune()
    {
        Rune.DecodeFromUtf16(Rest, out var rune, out var used);
        At += used;
        return rune.Value;
    }

    /// <summary>Reads an escape that stands for one code point.</summary>
    public int ReadEscapedRune()
    {
        var start = At;
        if (Rest.Length < 2)
        {
            throw new GoRegexException("error parsing regexp: trailing backslash at end of expression: ``");
        }
        At++;
        var c = ReadRune();
        switch (c)
        {
            case 'a':
                return '\a';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case 'x':
                return ReadHex(start);
            case >= '0' and <= '7' when c == '0' || (!IsAtEnd && Rest[0] is >= '0' and <= '7'):
                var value = c - '0';
                for (var i = 0; i < 2 && !IsAtEnd && Rest[0] is >= '0' and <= '7'; i++, At++)
                {
                    value = (value * 8) + (Rest[0] - '0');
                }
                return value;
            default:
                return c < 0x80 && !char.IsAsciiLetterOrDigit((char)c) ? c : throw Error("invalid escape sequence", Since(start));
        }
    }

    private static bool TryReadNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        if (digits.Length == 0 || (digits.Length > 1 && digits[0] == '0'))
        {
            return false;
        }
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }
            // Beyond the limit it does not matter by how much.
            number = Math.Min((number * 10) + (digit - '0'), MaxRepeat + 1);
        }
        return true;
    }

    private static int Digit(char hex) => char.IsAsciiDigit(hex) ? hex - '0' : (hex | 0x20) - 'a' + 10;

    /// <summary>Reads two digits, or any number of them in braces.</summary>
    private int ReadHex(int start)
    {
        var braced = !IsAtEnd && Rest[0] == '{';
        At += braced ? 1 : 0;
        var (value, digits) = (0, 0);
        while (!IsAtEnd)
        {
            var c = ReadRune();
            if (braced && c == '}' && digits > 0)
            {
                return value;
            }
            if (c > 'f' || !char.IsAsciiHexDigit((char)c) || (value = (value * 16) + Digit((char)c)) >= RuneSet.End)
            {
                break;
            }
            if (++digits == 2 && !braced)
            {
                return value;
            }
        }
        throw Error("invalid escape sequence", Since(start));
    }
}
