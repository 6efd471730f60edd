using System.Text;
using System.Text.Unicode;

namespace Pharos.Collection.Receivers.Loki.Decoding;

/// <summary>Texts as they come over the wire, made valid UTF-8 and free of escapes in a buffer that is used again.</summary>
/// <remarks>Not thread-safe. What is returned is good until the next call.</remarks>
internal sealed class Utf8Text
{
    private const int ReplacementLength = 3;

    private byte[] _unescaped = new byte[1024];
    private byte[] _valid = new byte[1024];

    /// <summary>The same bytes where they are valid UTF-8; else with U+FFFD in place of what is not.</summary>
    public ReadOnlySpan<byte> Valid(ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text))
        {
            return text;
        }
        Grow(ref _valid, (text.Length * ReplacementLength) + ReplacementLength);
        var length = 0;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            length += rune.EncodeToUtf8(_valid.AsSpan(length));
            text = text[consumed..];
        }
        return _valid.AsSpan(0, length);
    }

    /// <summary>The text of a JSON string, of which <paramref name="raw"/> is what stands between the quotes.</summary>
    /// <remarks>Half of a surrogate pair becomes U+FFFD, as in Go.</remarks>
    public ReadOnlySpan<byte> Unescaped(ReadOnlySpan<byte> raw)
    {
        Grow(ref _unescaped, raw.Length + ReplacementLength);
        var length = 0;
        while (true)
        {
            var at = raw.IndexOf((byte)'\\');
            var plain = at < 0 ? raw : raw[..at];
            plain.CopyTo(_unescaped.AsSpan(length));
            length += plain.Length;
            if (at < 0 || at + 1 >= raw.Length)
            {
                return Valid(_unescaped.AsSpan(0, length));
            }
            var escape = raw[at + 1];
            raw = raw[(at + 2)..];
            if (escape == 'u')
            {
                length += Unicode(ref raw).EncodeToUtf8(_unescaped.AsSpan(length));
                continue;
            }
            _unescaped[length++] = escape switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                _ => escape,
            };
        }
    }

    /// <summary>Reads the four digits, and the other half where it is the first one of a pair.</summary>
    private static Rune Unicode(ref ReadOnlySpan<byte> rest)
    {
        var first = Digits(rest);
        rest = rest[Math.Min(4, rest.Length)..];
        if (char.IsHighSurrogate(first) && rest.Length >= 6 && rest[0] == '\\' && rest[1] == 'u'
            && Rune.TryCreate(first, Digits(rest[2..]), out var pair))
        {
            rest = rest[6..];
            return pair;
        }
        return Rune.TryCreate(first, out var single) ? single : Rune.ReplacementChar;
    }

    private static char Digits(ReadOnlySpan<byte> text) =>
        text.Length >= 4 && ushort.TryParse(
            text[..4], System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var code)
            ? (char)code : (char)Rune.ReplacementChar.Value;

    private static void Grow(ref byte[] buffer, int needed)
    {
        if (buffer.Length < needed)
        {
            buffer = new byte[Math.Max(needed, buffer.Length * 2)];
        }
    }
}
