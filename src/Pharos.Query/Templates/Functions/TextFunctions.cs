using System.Text;
using Pharos.Query.Templates.Execution;
using Pharos.Query.Templates.Values;
using Pharos.Storage.Text;

namespace Pharos.Query.Templates.Functions;

/// <summary>What both function sets do with text.</summary>
public static class TextFunctions
{
    public static TemplateValue Match(TemplateCall call) => Compile(call.Text(0), "").IsMatch(call.Text(1));

    public static TemplateValue ReplaceAll(TemplateCall call)
    {
        var length = 0L;
        return Compile(call.Text(0), $"regexp: Compile({Quote(call.Text(0))}): ").ReplaceAll(call.Text(2), call.Text(1), expansion =>
        {
            length += expansion;
            if (length > TemplateLimits.MaxTextChars)
            {
                throw new TemplateException("the text is too long");
            }
        });
    }

    /// <summary>The first letter of each word in upper case, the rest as it is: Go's old <c>strings.Title</c>.</summary>
    public static string UpperInitials(string text)
    {
        var result = new StringBuilder(text.Length);
        var previous = new Rune(' ');
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append((SeparatesWords(previous) ? Rune.ToUpperInvariant(rune) : rune).ToString());
            previous = rune;
        }
        return result.ToString();
    }

    /// <summary>The first letter of each word in upper case, the others in lower case: Alertmanager's <c>title</c>.</summary>
    public static string TitleCase(string text)
    {
        var result = new StringBuilder(text.Length);
        var inWord = false;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var used);
            i += used;
            if (Rune.IsLetter(rune))
            {
                result.Append((inWord ? Rune.ToLowerInvariant(rune) : Rune.ToUpperInvariant(rune)).ToString());
                inWord = true;
                continue;
            }
            result.Append(rune.ToString());
            // An apostrophe or a point between two letters does not end a word, nor do digits and underscores.
            inWord = inWord && (Rune.IsDigit(rune) || rune.Value == '_' ||
                (rune.Value is '\'' or '\u2019' or '.' or ':' or '\u00b7' && i < text.Length && char.IsLetter(text[i])));
        }
        return result.ToString();
    }

    private static bool SeparatesWords(Rune rune) => rune.IsAscii
        ? !char.IsAsciiLetterOrDigit((char)rune.Value) && rune.Value != '_'
        : !Rune.IsLetter(rune) && !Rune.IsDigit(rune) && Rune.IsWhiteSpace(rune);

    /// <summary>In back quotes where that is possible.</summary>
    private static string Quote(string pattern) =>
        pattern.Any(static c => c == '`' || (char.IsControl(c) && c != '\t')) ? GoQuote.Quote(pattern) : $"`{pattern}`";

    private static GoRegex Compile(string pattern, string errorPrefix)
    {
        try
        {
            return GoRegex.Unanchored(pattern);
        }
        catch (GoRegexException problem)
        {
            throw new TemplateException(errorPrefix + problem.Message);
        }
    }
}
