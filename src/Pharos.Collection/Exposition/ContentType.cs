using System.Buffers;

namespace Pharos.Collection.Exposition;

/// <summary>Reads a Content-Type header as Go's mime package does, for a header that it refuses fails a scrape.</summary>
internal static class ContentType
{
    private static readonly SearchValues<char> Token = SearchValues.Create(
        "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");

    /// <summary>The media type in lower case, or in <paramref name="fault"/> Go's words for what is wrong.</summary>
    public static bool TryRead(string header, out string media, out string? fault)
    {
        var semicolon = header.IndexOf(';', StringComparison.Ordinal);
        media = (semicolon < 0 ? header : header[..semicolon]).Trim().ToLowerInvariant();
        fault = MediaFault(media);
        if (fault is not null)
        {
            return false;
        }
        var rest = semicolon < 0 ? [] : header.AsSpan(semicolon);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (!(rest = rest.TrimStart()).IsEmpty)
        {
            if (rest.Trim() is ";")
            {
                return true;
            }
            if (!TakeParameter(ref rest, out var name))
            {
                fault = "mime: invalid media parameter";
                return false;
            }
            if (!names.Add(name))
            {
                fault = "mime: duplicate parameter name";
                return false;
            }
        }
        return true;
    }

    private static string? MediaFault(string media)
    {
        var slash = media.IndexOf('/', StringComparison.Ordinal);
        var type = slash < 0 ? media : media[..slash];
        if (type.Length == 0)
        {
            return "mime: no media type";
        }
        if (type.AsSpan().ContainsAnyExcept(Token))
        {
            return slash < 0 ? "mime: expected slash after first token" : "mime: unexpected content after media type";
        }
        if (slash < 0)
        {
            return null;
        }
        var subtype = media.AsSpan(slash + 1);
        return subtype.IsEmpty ? "mime: expected token after slash"
            : subtype.ContainsAnyExcept(Token) ? "mime: unexpected content after media subtype" : null;
    }

    private static bool TakeParameter(ref ReadOnlySpan<char> rest, out string name)
    {
        name = "";
        if (rest[0] != ';')
        {
            return false;
        }
        rest = rest[1..].TrimStart();
        var length = TokenLength(rest);
        name = rest[..length].ToString();
        rest = rest[length..].TrimStart();
        if (length == 0 || rest.IsEmpty || rest[0] != '=')
        {
            return false;
        }
        rest = rest[1..].TrimStart();
        var value = rest.IsEmpty || rest[0] != '"' ? TokenLength(rest) : QuotedLength(rest);
        rest = rest[value..];
        return value > 0;
    }

    private static int TokenLength(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExcept(Token);
        return length < 0 ? text.Length : length;
    }

    private static int QuotedLength(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                return i + 1;
            }
            i += text[i] == '\\' ? 1 : 0;
        }
        return 0;
    }
}
