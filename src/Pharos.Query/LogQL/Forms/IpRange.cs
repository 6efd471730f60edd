using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pharos.Query.LogQL.Forms;

/// <summary>Addresses of one family from one to another: what <c>ip("...")</c> names. Immutable.</summary>
internal sealed class IpRange
{
    private const int MaxAddressBytes = 64;

    private readonly AddressFamily _family;
    private readonly UInt128 _first;
    private readonly UInt128 _last;

    private IpRange(AddressFamily family, UInt128 first, UInt128 last)
    {
        (_family, _first, _last) = (family, first, last);
    }

    /// <summary>Reads an address, <c>a-b</c> or <c>network/bits</c>.</summary>
    public static bool TryParse(string text, out IpRange range)
    {
        range = null!;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash >= 0)
        {
            if (!TryAddress(text.AsSpan(0, dash).Trim(), out var from) || !TryAddress(text.AsSpan(dash + 1).Trim(), out var to)
                || from.Family != to.Family || from.Value > to.Value)
            {
                return false;
            }
            range = new IpRange(from.Family, from.Value, to.Value);
            return true;
        }
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryAddress(slash < 0 ? text : text.AsSpan(0, slash), out var address))
        {
            return false;
        }
        var size = address.Family == AddressFamily.InterNetwork ? 32 : 128;
        var bits = size;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out bits) || bits > size))
        {
            return false;
        }
        var free = size - bits == 128 ? UInt128.MaxValue : (UInt128.One << (size - bits)) - 1;
        range = new IpRange(address.Family, address.Value & ~free, address.Value | free);
        return true;
    }

    /// <summary>The same of a text that is known to be good.</summary>
    public static IpRange Parse(string text) => TryParse(text, out var range) ? range : throw new FormatException(text);

    /// <summary>Whether a text is an address of the range.</summary>
    public bool Contains(ReadOnlySpan<byte> text) => TryAddress(text, out var address) && Contains(address);

    /// <summary>Whether a line holds an address of the range: runs of an address's characters that begin like one are read as such.</summary>
    public bool IsIn(ReadOnlySpan<byte> line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            var rest = line[i..];
            var isV4 = BeginsV4(rest);
            if (!isV4 && !BeginsV6(rest))
            {
                continue;
            }
            var length = rest.IndexOfAnyExcept(isV4 ? "0123456789."u8 : "0123456789abcdefABCDEF:."u8);
            length = length < 0 ? rest.Length : length;
            if (Contains(rest[..length]))
            {
                return true;
            }
            i += length;
        }
        return false;
    }

    private static bool BeginsV4(ReadOnlySpan<byte> text)
    {
        var digits = 0;
        while (digits < 3 && digits < text.Length && char.IsAsciiDigit((char)text[digits]))
        {
            digits++;
        }
        return digits > 0 && digits < text.Length && text[digits] == '.';
    }

    private static bool BeginsV6(ReadOnlySpan<byte> text)
    {
        var digits = 0;
        while (digits < 4 && digits < text.Length && char.IsAsciiHexDigit((char)text[digits]))
        {
            digits++;
        }
        return digits < text.Length && text[digits] == ':' && (digits > 0 || (text.Length > 1 && text[1] == ':'));
    }

    private bool Contains(Address address) => address.Family == _family && address.Value >= _first && address.Value <= _last;

    private static bool TryAddress(ReadOnlySpan<byte> text, out Address address)
    {
        address = default;
        if (text.Length > MaxAddressBytes || !Ascii.IsValid(text))
        {
            return false;
        }
        Span<char> chars = stackalloc char[text.Length];
        Ascii.ToUtf16(text, chars, out _);
        return TryAddress(chars, out address);
    }

    private static bool TryAddress(ReadOnlySpan<char> text, out Address address)
    {
        address = default;
        // The framework also reads "1" and "1.2" as addresses, and octal numbers in them.
        if ((!text.Contains(':') && (text.Count('.') != 3 || HasLeadingZero(text)))
            || text.Contains('%') || text.Contains('[') || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out var length);
        var value = UInt128.Zero;
        foreach (var b in bytes[..length])
        {
            value = (value << 8) | b;
        }
        address = new Address(parsed.AddressFamily, value);
        return true;
    }

    private static bool HasLeadingZero(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (text[i] == '0' && char.IsAsciiDigit(text[i + 1]) && (i == 0 || text[i - 1] == '.'))
            {
                return true;
            }
        }
        return false;
    }

    private readonly record struct Address(AddressFamily Family, UInt128 Value);
}
