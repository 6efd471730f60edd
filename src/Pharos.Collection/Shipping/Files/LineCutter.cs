using System.Text;

namespace Pharos.Collection.Shipping.Files;

/// <summary>Cuts bytes into lines and makes text of them.</summary>
/// <remarks>Immutable. In every encoding but UTF-16 a newline is one byte that is part of no other character.</remarks>
internal sealed class LineCutter
{
    private readonly Encoding _encoding;
    private readonly bool _isUtf8;
    private readonly bool _isBigEndian;

    private LineCutter(Encoding encoding, int markBytes)
    {
        _encoding = encoding;
        _isUtf8 = encoding.CodePage == Encoding.UTF8.CodePage;
        _isBigEndian = encoding.CodePage == Encoding.BigEndianUnicode.CodePage;
        UnitBytes = _isBigEndian || encoding.CodePage == Encoding.Unicode.CodePage ? 2 : 1;
        MarkBytes = markBytes;
    }

    /// <summary>Bytes of a unit: lines begin at whole ones.</summary>
    public int UnitBytes { get; }

    /// <summary>The byte order mark at the beginning of the file.</summary>
    public int MarkBytes { get; }

    /// <param name="name">As it is configured; empty for UTF-8 or what the mark says.</param>
    public static LineCutter Of(string name, ReadOnlySpan<byte> beginning)
    {
        if (beginning.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) && name.ToUpperInvariant() is ("" or "UTF-8" or "UTF8"))
        {
            return new LineCutter(Encoding.UTF8, 3);
        }
        var isWide = name.Length == 0 || name.ToUpperInvariant() is "UTF-16" or "UTF16" or "UTF-16LE" or "UTF-16BE";
        if (isWide && beginning.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            return new LineCutter(Encoding.Unicode, 2);
        }
        if (isWide && beginning.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return new LineCutter(Encoding.BigEndianUnicode, 2);
        }
        return new LineCutter(FileEncoding.Find(name) ?? Encoding.UTF8, 0);
    }

    /// <summary>Bytes up to and with the next newline; -1 where there is none.</summary>
    public int NextEnd(ReadOnlySpan<byte> bytes)
    {
        if (UnitBytes == 1)
        {
            return bytes.IndexOf((byte)'\n') is var at and >= 0 ? at + 1 : -1;
        }
        for (var i = 0; i + 1 < bytes.Length; i += 2)
        {
            if (bytes[i + (_isBigEndian ? 1 : 0)] == '\n' && bytes[i + (_isBigEndian ? 0 : 1)] == 0)
            {
                return i + 2;
            }
        }
        return -1;
    }

    /// <summary>A line without what ends it, as UTF-8; NULs that a hole in the file has left in front are cut.</summary>
    public ReadOnlySpan<byte> ToUtf8(ReadOnlySpan<byte> line)
    {
        if (!_isUtf8)
        {
            line = Encoding.UTF8.GetBytes(_encoding.GetString(line));
        }
        line = line.TrimEnd((byte)'\n');
        if (line.Length > 0 && line[^1] == '\r')
        {
            line = line[..^1];
        }
        return line.TrimStart((byte)0);
    }
}
