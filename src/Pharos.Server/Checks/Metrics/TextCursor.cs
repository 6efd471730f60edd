using System.Globalization;
using System.Text;

namespace Pharos.Server.Checks.Metrics;

/// <summary>Steps through the bytes of the plain text format, one byte ahead, and counts lines.</summary>
/// <remarks>Every step beyond the end is a fault but the one at the start of a line.</remarks>
internal sealed class TextCursor(byte[] text)
{
    /// <summary>How a byte that is no UTF-8 stands in a string: see <see cref="Pharos.Storage.Text.GoQuote"/>.</summary>
    private const char LoneByte = '\uDC00';

    private readonly List<byte> _token = [];
    private int _next;
    private int _line;

    public byte Current { get; private set; }

    public bool AtLineEnd => Current == '\n';

    public bool AtBlank => Current is (byte)' ' or (byte)'\t';

    public FormatException Fault(string reason) =>
        new(string.Create(CultureInfo.InvariantCulture, $"text format parsing error in line {_line}: {reason}"));

    /// <summary>A byte in single quotes, as Go prints it.</summary>
    public static string Quote(byte value) => value switch
    {
        (byte)'\n' => "'\\n'",
        (byte)'\t' => "'\\t'",
        (byte)'\r' => "'\\r'",
        (byte)'\'' => "'\\''",
        (byte)'\\' => "'\\\\'",
        < 0x20 or 0x7f => $"'\\x{value:x2}'",
        >= 0x80 and < 0xa1 or 0xad => $"'\\u{(int)value:x4}'",
        _ => $"'{(char)value}'",
    };

    /// <returns>False at the end of the text.</returns>
    public bool StartLine()
    {
        _line++;
        do
        {
            if (_next >= text.Length)
            {
                return false;
            }
            Current = text[_next++];
        }
        while (AtBlank);
        return true;
    }

    /// <summary>To the next byte that is no blank, from the byte after this one.</summary>
    public void SkipBlanks()
    {
        do
        {
            Step();
        }
        while (AtBlank);
    }

    /// <summary>The same where this byte is a blank; nothing elsewhere.</summary>
    public void SkipBlanksHere()
    {
        if (AtBlank)
        {
            SkipBlanks();
        }
    }

    public void SkipLine()
    {
        while (!AtLineEnd)
        {
            Step();
        }
    }

    public string UntilBlank()
    {
        _token.Clear();
        while (!AtBlank && !AtLineEnd)
        {
            _token.Add(Current);
            Step();
        }
        return Token();
    }

    public string RestOfLine(bool escapes)
    {
        _token.Clear();
        while (!AtLineEnd)
        {
            if (escapes && Current == '\\')
            {
                Step();
                Escaped();
            }
            else
            {
                _token.Add(Current);
            }
            Step();
        }
        return Token();
    }

    /// <summary>A name, plain or in quotes; empty where none begins here.</summary>
    public string Name(bool colon)
    {
        _token.Clear();
        if (Current == '"')
        {
            return QuotedName(colon ? "metric" : "label");
        }
        while (IsNameByte(Current, colon) && (_token.Count > 0 || !char.IsAsciiDigit((char)Current)))
        {
            _token.Add(Current);
            Step();
        }
        return Token();
    }

    /// <summary>From the opening quote; ends at the closing one.</summary>
    public string QuotedValue()
    {
        _token.Clear();
        Quoted("label value");
        return Token();
    }

    private string QuotedName(string kind)
    {
        Quoted($"{kind} name");
        Step();
        return Token();
    }

    private void Quoted(string what)
    {
        for (Step(); Current != '"'; Step())
        {
            switch (Current)
            {
                case (byte)'\n':
                    throw Fault($"{what} {Storage.Text.GoQuote.Quote(Token())} contains unescaped new-line");
                case (byte)'\\':
                    Step();
                    Escaped();
                    break;
                default:
                    _token.Add(Current);
                    break;
            }
        }
    }

    private void Escaped() => _token.Add(Current switch
    {
        (byte)'\\' or (byte)'"' => Current,
        (byte)'n' => (byte)'\n',
        _ => throw Fault($"invalid escape sequence '\\{(char)Current}'"),
    });

    private static bool IsNameByte(byte value, bool colon) =>
        char.IsAsciiLetterOrDigit((char)value) || value == '_' || (colon && value == ':');

    private void Step() => Current = _next < text.Length ? text[_next++] : throw Fault("unexpected end of input stream");

    private string Token()
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_token);
        var decoded = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                decoded.Append(rune);
            }
            else
            {
                foreach (var lone in bytes[..used])
                {
                    decoded.Append((char)(LoneByte + lone));
                }
            }
            bytes = bytes[used..];
        }
        return decoded.ToString();
    }
}
