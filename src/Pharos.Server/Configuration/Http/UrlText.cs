using System.Buffers;

namespace Pharos.Server.Configuration.Http;

/// <summary>What Go's <c>url.Parse</c> finds wrong with an address, where .NET's parser takes it or says something else.</summary>
internal static class UrlText
{
    // RFC 3986 3.2.2, and what Go leaves in a host besides: it only refuses what could end the host.
    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~!$&'()*+,;=:[]<>\"%");

    /// <summary>The reason, without a piece of the address, which may be a secret; null where there is none.</summary>
    public static string? Fault(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0 || text.Contains('\u007f', StringComparison.Ordinal))
        {
            return "invalid control character in URL";
        }
        if (text.StartsWith(':'))
        {
            return "missing protocol scheme of URL";
        }
        var (address, fragment) = Cut(text, '#');
        var (beforeQuery, _) = Cut(address, '?');
        var rest = beforeQuery[SchemeLength(beforeQuery)..];
        if (!HasGoodEscapes(fragment))
        {
            return "invalid URL escape";
        }
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            return !HasGoodEscapes(rest) ? "invalid URL escape"
                : rest == beforeQuery && Cut(rest, '/').Before.Contains(':', StringComparison.Ordinal) ? "first path segment in URL cannot contain colon"
                : null;
        }
        var (authority, path) = Cut(rest[2..], '/');
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        return !HasGoodEscapes(path) || !HasGoodEscapes(authority) ? "invalid URL escape"
            : host.Any(static c => c < 0x80 && !HostCharacters.Contains(c)) ? "invalid character in host name of URL"
            : HasGoodPort(host) ? null : "invalid port after host of URL";
    }

    /// <summary>With its colon; 0 where there is none.</summary>
    private static int SchemeLength(string text)
    {
        var end = text.AsSpan().IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
        return end > 0 && text[end] == ':' && char.IsAsciiLetter(text[0]) ? end + 1 : 0;
    }

    private static bool HasGoodPort(string host)
    {
        var behind = host.StartsWith('[') ? host[(host.LastIndexOf(']') + 1)..]
            : host.LastIndexOf(':') is var colon and >= 0 ? host[colon..] : "";
        return behind.Length == 0 || (behind[0] == ':' && behind.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);
    }

    private static bool HasGoodEscapes(string text)
    {
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            {
                return false;
            }
        }
        return true;
    }

    private static (string Before, string Behind) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is var index and >= 0 ? (text[..index], text[(index + 1)..]) : (text, "");
}
