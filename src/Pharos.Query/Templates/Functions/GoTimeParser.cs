using System.Globalization;
using System.Text;

namespace Pharos.Query.Templates.Functions;

/// <summary>Reads a time by one of Go's layouts, as far as .NET has the same elements.</summary>
public static class GoTimeParser
{
    // Go's element, .NET's custom format.
    private static readonly (string Go, string Net)[] Elements =
    [
        ("January", "MMMM"), ("Jan", "MMM"), ("Monday", "dddd"), ("Mon", "ddd"), ("2006", "yyyy"), ("MST", "'UTC'"),
        ("01", "MM"), ("02", "dd"), ("03", "hh"), ("04", "mm"), ("05", "ss"), ("06", "yy"), ("15", "HH"), ("PM", "tt"),
        ("-07:00", "zzz"), ("Z07:00", "K"), ("_2", "d"), ("1", "M"), ("2", "d"), ("3", "h"), ("4", "m"), ("5", "s"),
    ];

    public static bool TryParse(string layout, string text, out DateTimeOffset time)
    {
        var format = new StringBuilder();
        for (var i = 0; i < layout.Length;)
        {
            var element = Array.Find(Elements, e => layout.AsSpan(i).StartsWith(e.Go, StringComparison.Ordinal));
            if (element.Go is not null)
            {
                format.Append(element.Net);
                i += element.Go.Length;
                // Go accepts a fraction behind the seconds whether the layout has one or not.
                if (element.Go is "05" or "5")
                {
                    format.Append("FFFFFFF".Insert(0, "."));
                    i += FractionLength(layout, i);
                }
                continue;
            }
            // An escaped blank would not match: blanks may be left out, and so the parser has skipped them already.
            format.Append(layout[i] == ' ' ? "" : "\\").Append(layout[i++]);
        }
        return DateTimeOffset.TryParseExact(text, format.ToString(), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out time);
    }

    private static int FractionLength(string layout, int at)
    {
        if (at + 1 >= layout.Length || layout[at] is not ('.' or ',') || layout[at + 1] is not ('0' or '9'))
        {
            return 0;
        }
        var end = at + 1;
        while (end < layout.Length && layout[end] == layout[at + 1])
        {
            end++;
        }
        return end - at;
    }
}
