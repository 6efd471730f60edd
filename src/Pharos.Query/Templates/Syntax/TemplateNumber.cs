using System.Globalization;
using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Query.Templates.Syntax;

/// <summary>A number or character literal. Which of its readings counts is decided by where it is used.</summary>
internal sealed record TemplateNumber(string Text, bool IsInteger, long Integer, bool IsFloat, double Float, bool IsFractional)
{
    /// <exception cref="TemplateException">Not a number of Go; the message has no location yet.</exception>
    public static TemplateNumber Parse(string text, bool isCharacter)
    {
        if (isCharacter)
        {
            if (!GoQuote.TryUnquote(text, out var one) || !Rune.TryGetRuneAt(one + "\0", 0, out var rune)
                || rune.Utf16SequenceLength != one.Length)
            {
                throw new TemplateException("malformed character constant: " + text);
            }
            return new TemplateNumber(text, true, rune.Value, true, rune.Value, false);
        }
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var isInteger = TryParseInteger(digits, out var integer, out var overflows);
        if (overflows)
        {
            throw new TemplateException("integer overflow: " + GoQuote.Quote(text));
        }
        if (isInteger)
        {
            return new TemplateNumber(text, true, integer, true, integer, false);
        }
        if (digits.AsSpan().IndexOfAny(".eEpP") < 0)
        {
            throw new TemplateException("integer overflow: " + GoQuote.Quote(text));
        }
        if (!GoFloat.TryParse(digits, out var value))
        {
            throw new TemplateException("illegal number syntax: " + GoQuote.Quote(text));
        }
        // 1e3 may stand where an integer is wanted, though alone it is a float.
        var whole = value == Math.Floor(value) && Math.Abs(value) < 9.2e18;
        return new TemplateNumber(text, whole, whole ? (long)value : 0, true, value, true);
    }

    private static bool TryParseInteger(string text, out long value, out bool overflows)
    {
        value = 0;
        overflows = false;
        var negative = text.StartsWith('-');
        var body = text.TrimStart('+', '-');
        var radix = 10;
        if (body.Length > 1 && body[0] == '0')
        {
            radix = body[1] switch { 'x' or 'X' => 16, 'b' or 'B' => 2, _ => 8 };
            body = char.IsAsciiLetter(body[1]) ? body[2..] : body[1..];
        }
        if (body.Length == 0)
        {
            return false;
        }
        var total = System.Numerics.BigInteger.Zero;
        foreach (var c in body)
        {
            var digit = char.IsAsciiHexDigit(c) ? int.Parse(c.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 99;
            if (digit >= radix)
            {
                return false;
            }
            total = (total * radix) + digit;
        }
        total = negative ? -total : total;
        overflows = total > long.MaxValue || total < long.MinValue;
        value = overflows ? 0 : (long)total;
        return !overflows;
    }
}
