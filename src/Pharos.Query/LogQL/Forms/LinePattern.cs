using System.Text;
using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Forms;

/// <summary>A pattern of literals and captures, <c>&lt;ip&gt; - &lt;_&gt; "&lt;method&gt;</c>. Immutable.</summary>
internal sealed class LinePattern
{
    private LinePattern(IReadOnlyList<Part> parts) => Parts = parts;

    /// <summary>In their order; literals are merged, and no two captures are neighbours.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <exception cref="LogSyntaxFailure">The text is no pattern, or one with names where none may be.</exception>
    public static void Check(string text, bool namesAllowed)
    {
        var pattern = Parse(text);
        if (!namesAllowed && pattern.Parts.Any(static part => part.Name is not null))
        {
            throw new LogSyntaxFailure("named captures are not allowed");
        }
    }

    /// <summary>For the parser stage: it needs a name.</summary>
    /// <exception cref="LogSyntaxFailure">The text is no such pattern.</exception>
    public static LinePattern ParseNamed(string text)
    {
        var pattern = Parse(text);
        var names = pattern.Parts.Where(static part => part.Name is not null).Select(static part => part.Name!).ToList();
        if (names.Count == 0)
        {
            throw new LogSyntaxFailure("at least one capture is required");
        }
        var twice = names.GroupBy(static name => name, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1)?.Key;
        return twice is null ? pattern : throw new LogSyntaxFailure($"duplicate capture name ({twice}): invalid expression");
    }

    /// <exception cref="LogSyntaxFailure">Two captures have nothing between them.</exception>
    public static LinePattern Parse(string text)
    {
        var parts = new List<Part>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var end = text[i] == '<' ? CaptureEnd(text, i + 1) : -1;
            if (end < 0)
            {
                literal.Append(text[i++]);
                continue;
            }
            if (literal.Length > 0)
            {
                parts.Add(new Part(Encoding.UTF8.GetBytes(literal.ToString()), null));
                literal.Clear();
            }
            else if (parts.Count > 0)
            {
                throw new LogSyntaxFailure($"found consecutive capture '<{parts[^1].Name ?? "_"}>{text[i..(end + 1)]}': invalid expression");
            }
            var name = text[(i + 1)..end];
            parts.Add(new Part(null, name == "_" ? null : name));
            i = end + 1;
        }
        if (literal.Length > 0)
        {
            parts.Add(new Part(Encoding.UTF8.GetBytes(literal.ToString()), null));
        }
        return new LinePattern(parts);
    }

    /// <summary>Whether a line has the literals one behind another with something before each but the first. What stands before a first literal
    /// does not matter; behind a last one there must be nothing, in a last capture something.</summary>
    public bool IsMatch(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || Parts.Count == 0)
        {
            return line.IsEmpty && Parts.Count == 0;
        }
        for (var i = 0; i < Parts.Count; i++)
        {
            if (Parts[i].Literal is not { } literal)
            {
                continue;
            }
            var at = line.IndexOf(literal);
            if (at < 0 || (i > 0 && at == 0))
            {
                return false;
            }
            line = line[(at + literal.Length)..];
        }
        return Parts[^1].Literal is null != line.IsEmpty;
    }

    private static int CaptureEnd(string text, int start)
    {
        var i = start;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '_'))
        {
            i++;
        }
        return i > start && i < text.Length && text[i] == '>' && !char.IsAsciiDigit(text[start]) ? i : -1;
    }

    /// <param name="Literal">Null for a capture.</param>
    /// <param name="Name">Of a capture; null where it is only skipped.</param>
    public readonly record struct Part(byte[]? Literal, string? Name);
}
