using System.Text;

namespace Pharos.Alerting.Templates.Html;

internal static class PercentEncoding
{
    /// <summary>The same with small hexadecimal digits, as Go's HTML templates write them.</summary>
    public static string ToLowerPercent(this string encoded)
    {
        var lower = new StringBuilder(encoded);
        for (var i = 0; i + 2 < lower.Length; i++)
        {
            if (lower[i] == '%')
            {
                lower[i + 1] = char.ToLowerInvariant(lower[i + 1]);
                lower[i + 2] = char.ToLowerInvariant(lower[i + 2]);
            }
        }
        return lower.ToString();
    }
}
