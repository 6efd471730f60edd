using System.Text;
using Pharos.Query.Templates;
using Pharos.Query.Templates.Execution;

namespace Pharos.Query.LogQL.Pipeline.Formatting;

/// <summary>What templates do with texts. Lengths are in code points.</summary>
internal static class TextEdit
{
    public static string Replace(string text, string old, string by, long count)
    {
        if (count < 0 && old.Length > 0)
        {
            var times = text.AsSpan().Count(old);
            Bound(text.Length + ((long)times * by.Length));
            return text.Replace(old, by, StringComparison.Ordinal);
        }
        var result = new StringBuilder();
        var at = 0;
        for (var done = 0L; done != count; done++)
        {
            var found = old.Length > 0 ? text.IndexOf(old, at, StringComparison.Ordinal) : at + (done == 0 || at >= text.Length ? 0 : 1);
            if (found < 0 || found > text.Length || (old.Length == 0 && done > text.Length))
            {
                break;
            }
            result.Append(text, at, found - at).Append(by);
            Bound(result.Length);
            at = found + old.Length;
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    public static string Trim(string text, string characters, bool left, bool right)
    {
        var cut = characters.ToCharArray();
        if (cut.Length == 0)
        {
            return text;
        }
        text = left ? text.TrimStart(cut) : text;
        return right ? text.TrimEnd(cut) : text;
    }

    public static string WithoutPrefix(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;

    public static string WithoutSuffix(string text, string suffix) => text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text;

    /// <summary>The first code points, or, of a negative number, the last.</summary>
    public static string Truncate(long count, string text)
    {
        var length = Length(text);
        return count < 0 ? (length + count > 0 ? Runes(text, length + count, length) : text) : length > count ? Runes(text, 0, count) : text;
    }

    /// <summary>From one place to another; a negative start is the beginning, an end that is negative or too far is the end.</summary>
    public static string Part(long start, long end, string text)
    {
        var length = Length(text);
        if (start < 0)
        {
            return Runes(text, 0, Math.Clamp(end, 0, length));
        }
        start = Math.Min(start, length);
        return Runes(text, start, end < 0 || end > length ? length : Math.Max(start, end));
    }

    public static string Align(long count, string text, bool left)
    {
        var length = Length(text);
        if (count < 0 || count == length)
        {
            return text;
        }
        if (count > length)
        {
            Bound(count);
            var blanks = new string(' ', (int)(count - length));
            return left ? text + blanks : blanks + text;
        }
        return left ? Runes(text, 0, count) : Runes(text, length - count, length);
    }

    public static string Indent(long count, string text)
    {
        var blanks = Repeat(count, " ");
        Bound(text.Length + (blanks.Length * (text.AsSpan().Count('\n') + 1L)));
        return blanks + text.Replace("\n", "\n" + blanks, StringComparison.Ordinal);
    }

    public static string Repeat(long count, string text)
    {
        if (count < 0)
        {
            throw new TemplateException("strings: negative Repeat count");
        }
        Bound(text.Length == 0 ? 0 : count > TemplateLimits.MaxTextChars ? long.MaxValue : count * text.Length);
        return text.Length == 0 ? "" : new StringBuilder(text.Length * (int)count).Insert(0, text, (int)count).ToString();
    }

    private static void Bound(long length)
    {
        if (length > TemplateLimits.MaxTextChars)
        {
            throw new TemplateException("the text is too long");
        }
    }

    private static int Length(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }
        return count;
    }

    private static string Runes(string text, long start, long end)
    {
        var (at, from, to, count) = (0, text.Length, text.Length, 0L);
        foreach (var rune in text.EnumerateRunes())
        {
            from = count == start ? at : from;
            to = count == end ? at : to;
            at += rune.Utf16SequenceLength;
            count++;
        }
        return from < to ? text[from..to] : "";
    }
}
