using System.Globalization;
using System.Text;

namespace Pharos.Storage.Text;

/// <summary>Reads a pattern character by character: code points, escapes and repetition counts.</summary>
internal sealed class GoRegexReader(string pattern)
{
    private const int MaxRepeat = 1000;

    private readonly string _pattern = pattern;

    /// <summary>The next character to be read.</summary>
    public int At { get; set; }

    public static GoRegexException Error(string what, string where) =>
        new($"error parsing regexp: {what}: `{where}`");

    public bool TryReadCount(out string count, out int length)
    {
        count = "";
        length = 0;
        var close = _pattern.IndexOf('}', At);
        if (close < 0)
        {
            return false;
        }
        var body = _pattern[(At + 1)..close];
        var comma = body.IndexOf(',', StringComparison.Ordinal);
        var low = comma < 0 ? body : body[..comma];
        var high = comma < 0 ? body : body[(comma + 1)..];
        if (low.Length == 0 || !low.All(char.IsAsciiDigit) || !high.All(char.IsAsciiDigit))
        {
            return false;
        }
        length = close + 1 - At;
        count = $"{{{body}}}";
        var tooLarge = low.Length > 4 || high.Length > 4 || int.Parse(low, CultureInfo.InvariantCulture) > MaxRepeat ||
            (high.Length > 0 && (int.Parse(high, CultureInfo.InvariantCulture) is var h) && (h > MaxRepeat ||
                h < int.Parse(low, CultureInfo.InvariantCulture)));
        return tooLarge ? throw Error("invalid repeat count", count) : true;
    }

    public Rune ReadRune()
    {
        if (Rune.TryGetRuneAt(_pattern, At, out var rune))
        {
            At += rune.Utf16SequenceLength;
            return rune;
        }
        At++;
        return Rune.ReplacementChar;
    }

    public Rune ReadEscapedRune(int start)
    {
        if (At + 1 >= _pattern.Length)
        {
            throw new GoRegexException("error parsing regexp: trailing backslash at end of expression: ``");
        }
        var c = _pattern[At + 1];
        At += 2;
        switch (c)
        {
            case 'a':
                return new Rune('\a');
            case 'f':
                return new Rune('\f');
            case 'n':
                return new Rune('\n');
            case 'r':
                return new Rune('\r');
            case 't':
                return new Rune('\t');
            case 'v':
                return new Rune('\v');
            case 'x':
                return ReadHex(start);
            case >= '0' and <= '7' when c == '0' || (At < _pattern.Length && _pattern[At] is >= '0' and <= '7'):
                var value = c - '0';
                for (var i = 0; i < 2 && At < _pattern.Length && _pattern[At] is >= '0' and <= '7'; i++, At++)
                {
                    value = (value * 8) + (_pattern[At] - '0');
                }
                return new Rune(value);
            default:
                if (c < 0x80 && !char.IsAsciiLetterOrDigit(c))
                {
                    return new Rune(c);
                }
                throw Error("invalid escape sequence", _pattern[start..At]);
        }
    }

    private Rune ReadHex(int start)
    {
        var braced = At < _pattern.Length && _pattern[At] == '{';
        var close = braced ? _pattern.IndexOf('}', At) : At + 2;
        var digits = close < 0 || close > _pattern.Length ? "" : _pattern[(braced ? At + 1 : At)..close];
        if (digits.Length == 0 || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out var value) || !Rune.IsValid(value))
        {
            throw Error("invalid escape sequence", _pattern[start..Math.Min(At + 1, _pattern.Length)]);
        }
        At = braced ? close + 1 : close;
        return new Rune(value);
    }
}
