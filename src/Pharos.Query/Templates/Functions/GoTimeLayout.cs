using System.Globalization;
using System.Text;

namespace Pharos.Query.Templates.Functions;

/// <summary>Go's reference layouts: <c>2006-01-02T15:04:05Z07:00</c>.</summary>
public static class GoTimeLayout
{
    // Longer ones first where one is the start of another.
    private static readonly (string Element, Func<ZonedTime, string> Write)[] Elements =
    [
        ("January", static t => t.Time.ToString("MMMM", CultureInfo.InvariantCulture)),
        ("Jan", static t => t.Time.ToString("MMM", CultureInfo.InvariantCulture)),
        ("Monday", static t => t.Time.DayOfWeek.ToString()),
        ("Mon", static t => t.Time.DayOfWeek.ToString()[..3]),
        ("MST", static t => t.Zone ?? Offset(t, "", seconds: false)),
        ("2006", static t => t.Time.ToString("yyyy", CultureInfo.InvariantCulture)),
        ("002", static t => t.Time.DayOfYear.ToString("000", CultureInfo.InvariantCulture)),
        ("01", static t => t.Time.ToString("MM", CultureInfo.InvariantCulture)),
        ("02", static t => t.Time.ToString("dd", CultureInfo.InvariantCulture)),
        ("03", static t => t.Time.ToString("hh", CultureInfo.InvariantCulture)),
        ("04", static t => t.Time.ToString("mm", CultureInfo.InvariantCulture)),
        ("05", static t => t.Time.ToString("ss", CultureInfo.InvariantCulture)),
        ("06", static t => t.Time.ToString("yy", CultureInfo.InvariantCulture)),
        ("15", static t => t.Time.ToString("HH", CultureInfo.InvariantCulture)),
        ("PM", static t => t.Time.Hour >= 12 ? "PM" : "AM"),
        ("pm", static t => t.Time.Hour >= 12 ? "pm" : "am"),
        ("-07:00:00", static t => Offset(t, ":", seconds: true)),
        ("-07:00", static t => Offset(t, ":", seconds: false)),
        ("-070000", static t => Offset(t, "", seconds: true)),
        ("-0700", static t => Offset(t, "", seconds: false)),
        ("-07", static t => Offset(t, "", seconds: false)[..3]),
        ("Z07:00", static t => t.Time.Offset == TimeSpan.Zero ? "Z" : Offset(t, ":", seconds: false)),
        ("Z0700", static t => t.Time.Offset == TimeSpan.Zero ? "Z" : Offset(t, "", seconds: false)),
        ("Z07", static t => t.Time.Offset == TimeSpan.Zero ? "Z" : Offset(t, "", seconds: false)[..3]),
        ("_2006", static t => "_" + t.Time.ToString("yyyy", CultureInfo.InvariantCulture)),
        ("__2", static t => t.Time.DayOfYear.ToString(CultureInfo.InvariantCulture).PadLeft(3)),
        ("_2", static t => t.Time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2)),
        ("1", static t => t.Time.Month.ToString(CultureInfo.InvariantCulture)),
        ("2", static t => t.Time.Day.ToString(CultureInfo.InvariantCulture)),
        ("3", static t => ((t.Time.Hour + 11) % 12 + 1).ToString(CultureInfo.InvariantCulture)),
        ("4", static t => t.Time.Minute.ToString(CultureInfo.InvariantCulture)),
        ("5", static t => t.Time.Second.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>A time by its offset; the zone of one without an offset is called UTC.</summary>
    public static string Format(DateTimeOffset time, string layout) =>
        Format(new ZonedTime(time, time.Offset == TimeSpan.Zero ? "UTC" : null), layout);

    public static string Format(ZonedTime time, string layout)
    {
        var text = new StringBuilder();
        for (var i = 0; i < layout.Length;)
        {
            if (TryFraction(layout, i, time, out var fraction, out var length))
            {
                text.Append(fraction);
                i += length;
                continue;
            }
            var rest = layout.AsSpan(i);
            var found = false;
            foreach (var (element, write) in Elements)
            {
                // "Jan" and "Mon" do not count inside a longer lower-case word, such as "Month".
                if (rest.StartsWith(element, StringComparison.Ordinal) &&
                    !(element is "Jan" or "Mon" && rest.Length > 3 && char.IsAsciiLetterLower(rest[3])))
                {
                    text.Append(write(time));
                    i += element.Length;
                    found = true;
                    break;
                }
            }
            if (!found)
            {
                text.Append(layout[i++]);
            }
        }
        return text.ToString();
    }

    /// <summary><c>.000</c> or <c>,000</c> writes so many digits; with nines, without zeros at the end.</summary>
    private static bool TryFraction(string layout, int at, ZonedTime time, out string fraction, out int length)
    {
        fraction = "";
        length = 0;
        if (layout[at] is not ('.' or ',') || at + 1 >= layout.Length || layout[at + 1] is not ('0' or '9'))
        {
            return false;
        }
        var digit = layout[at + 1];
        var end = at + 1;
        while (end < layout.Length && layout[end] == digit)
        {
            end++;
        }
        if (end < layout.Length && char.IsAsciiDigit(layout[end]))
        {
            return false;
        }
        length = end - at;
        var nanoseconds = (time.Time.Ticks % TimeSpan.TicksPerSecond * 100).ToString("000000000", CultureInfo.InvariantCulture);
        fraction = nanoseconds[..Math.Min(9, length - 1)];
        if (digit == '9')
        {
            fraction = fraction.TrimEnd('0');
            fraction = fraction.Length == 0 ? "" : layout[at] + fraction;
        }
        else
        {
            fraction = layout[at] + fraction;
        }
        return true;
    }

    private static string Offset(ZonedTime time, string separator, bool seconds)
    {
        var offset = time.Time.Offset;
        var size = offset.Duration();
        return (offset < TimeSpan.Zero ? "-" : "+") + size.ToString("hh", CultureInfo.InvariantCulture) + separator +
            size.ToString("mm", CultureInfo.InvariantCulture) +
            (seconds ? separator + size.ToString("ss", CultureInfo.InvariantCulture) : "");
    }
}
