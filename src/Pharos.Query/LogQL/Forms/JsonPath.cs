using System.Globalization;
using System.Text;
using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Forms;

/// <summary>Where a value lies in a JSON document: <c>a.b[0]["k k"]</c>. Immutable.</summary>
internal static class JsonPath
{
    /// <summary>The steps from the root.</summary>
    /// <exception cref="LogSyntaxFailure">The text is no path.</exception>
    public static IReadOnlyList<Step> Parse(string text)
    {
        var steps = new List<Step>();
        var i = 0;
        while (i < text.Length)
        {
            if (text[i] == '[')
            {
                steps.Add(Bracketed(text, ref i));
                continue;
            }
            if (text[i] == '.' && steps.Count > 0)
            {
                i++;
            }
            var start = i;
            while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] is '_' or '-'))
            {
                i++;
            }
            if (i == start || char.IsAsciiDigit(text[start]))
            {
                throw Fail(text, i);
            }
            steps.Add(new Step(Encoding.UTF8.GetBytes(text[start..i]), 0));
        }
        return steps.Count > 0 ? steps : throw Fail(text, 0);
    }

    private static Step Bracketed(string text, ref int i)
    {
        var start = i + 1;
        if (start < text.Length && text[start] == '"')
        {
            var end = text.IndexOf('"', start + 1);
            if (end < 0 || end + 1 >= text.Length || text[end + 1] != ']')
            {
                throw Fail(text, end < 0 ? text.Length : end + 1);
            }
            i = end + 2;
            return new Step(Encoding.UTF8.GetBytes(text[(start + 1)..end]), 0);
        }
        var close = text.IndexOf(']', start);
        if (close < 0 || !int.TryParse(text.AsSpan(start, close - start), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            throw Fail(text, close < 0 ? text.Length : start);
        }
        i = close + 1;
        return new Step(null, index);
    }

    private static LogSyntaxFailure Fail(string text, int at) =>
        new($"cannot parse expression [{text}]: syntax error: unexpected {(at < text.Length ? text[at].ToString() : "$end")}");

    /// <param name="Key">Of an object; null for a place in an array.</param>
    public readonly record struct Step(byte[]? Key, int Index);
}
