using System.Globalization;
using System.Text;

namespace Pharos.Storage.Text;

/// <summary>Go's double-quoted string literals: <c>strconv.Quote</c> and its inverse.</summary>
/// <remarks>Go's strings are bytes. A byte b that is no UTF-8 is kept as the lone surrogate U+DC00 + b, which no text holds
/// otherwise, so that it can be written as it was read.</remarks>
public static class GoQuote
{
    private const char LoneByte = '\uDC00';

    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                Append(quoted, rune);
            }
            else if (text[i] - LoneByte is >= 0x80 and <= 0xFF and var lone)
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\x{lone:x2}");
            }
            else
            {
                Append(quoted, Rune.ReplacementChar);
            }
            i += used;
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>Quotes bytes; those that are no UTF-8 are written as numbers.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes) => Quote(FromBytes(bytes));

    /// <summary>Whether all of a text is UTF-8: it holds no byte that is not.</summary>
    public static bool IsUtf8(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }
            i += used;
        }
        return true;
    }

    /// <summary>Bytes as a text that keeps those that are no UTF-8.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                used = 1;
                text.Append((char)(LoneByte + bytes[0]));
            }
            bytes = bytes[used..];
        }
        return text.ToString();
    }

    /// <summary>Reads a literal in double, single or back quotes, as PromQL and matchers write them.</summary>
    /// <returns>False where the text is no literal or holds an unknown escape.</returns>
    public static bool TryUnquote(ReadOnlySpan<char> literal, out string text)
    {
        text = "";
        if (literal.Length < 2 || literal[0] != literal[^1] || literal[0] is not ('"' or '\'' or '`'))
        {
            return false;
        }
        var quote = literal[0];
        var body = literal[1..^1];
        if (quote == '`')
        {
            text = body.ToString().Replace("\r", "", StringComparison.Ordinal);
            return !body.Contains('`');
        }
        var bytes = new List<byte>(body.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < body.Length;)
        {
            var c = body[i];
            if (c == quote || c == '\n')
            {
                return false;
            }
            if (c != '\\')
            {
                if (Rune.DecodeFromUtf16(body[i..], out var rune, out var used) != System.Buffers.OperationStatus.Done)
                {
                    rune = Rune.ReplacementChar;
                }
                bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
                i += used;
                continue;
            }
            if (!TryReadEscape(body, ref i, quote, bytes))
            {
                return false;
            }
        }
        text = FromBytes(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
        return true;
    }

    private static bool TryReadEscape(ReadOnlySpan<char> body, ref int i, char quote, List<byte> bytes)
    {
        if (i + 1 >= body.Length)
        {
            return false;
        }
        var c = body[i + 1];
        i += 2;
        switch (c)
        {
            case 'a': bytes.Add(7); return true;
            case 'b': bytes.Add(8); return true;
            case 'f': bytes.Add(12); return true;
            case 'n': bytes.Add(10); return true;
            case 'r': bytes.Add(13); return true;
            case 't': bytes.Add(9); return true;
            case 'v': bytes.Add(11); return true;
            case '\\': bytes.Add((byte)'\\'); return true;
            case '\'' or '"' when c == quote: bytes.Add((byte)c); return true;
            case 'x': return TryReadNumber(body, ref i, 2, 16, raw: true, bytes);
            case 'u': return TryReadNumber(body, ref i, 4, 16, raw: false, bytes);
            case 'U': return TryReadNumber(body, ref i, 8, 16, raw: false, bytes);
            case >= '0' and <= '7':
                i--;
                return TryReadNumber(body, ref i, 3, 8, raw: true, bytes);
            default: return false;
        }
    }

    /// <summary><paramref name="raw"/>: the number is a byte, not a code point.</summary>
    private static bool TryReadNumber(
        ReadOnlySpan<char> body, ref int i, int digits, int radix, bool raw, List<byte> bytes)
    {
        if (i + digits > body.Length)
        {
            return false;
        }
        var value = 0L;
        foreach (var c in body.Slice(i, digits))
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
            if (digit >= radix)
            {
                return false;
            }
            value = (value * radix) + digit;
        }
        i += digits;
        if (raw)
        {
            if (value > 255)
            {
                return false;
            }
            bytes.Add((byte)value);
            return true;
        }
        if (value > int.MaxValue || !Rune.IsValid((int)value))
        {
            return false;
        }
        Span<byte> utf8 = stackalloc byte[4];
        bytes.AddRange(utf8[..new Rune((int)value).EncodeToUtf8(utf8)]);
        return true;
    }

    private static void Append(StringBuilder quoted, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': quoted.Append("\\\""); break;
            case '\\': quoted.Append(@"\\"); break;
            case 7: quoted.Append(@"\a"); break;
            case 8: quoted.Append(@"\b"); break;
            case 12: quoted.Append(@"\f"); break;
            case 10: quoted.Append(@"\n"); break;
            case 13: quoted.Append(@"\r"); break;
            case 9: quoted.Append(@"\t"); break;
            case 11: quoted.Append(@"\v"); break;
            case < 32 or 127: quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
            case < 127: quoted.Append((char)rune.Value); break;
            default:
                if (IsPrintable(rune))
                {
                    quoted.Append(rune.ToString());
                }
                else if (rune.IsBmp)
                {
                    quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                }
                else
                {
                    quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
                }
                break;
        }
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or
        UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or
        UnicodeCategory.ParagraphSeparator);
}
