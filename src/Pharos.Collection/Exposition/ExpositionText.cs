using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Collection.Exposition;

/// <summary>The small text forms that both exposition formats share.</summary>
internal static class ExpositionText
{
    /// <summary>Resolves <c>\\</c>, <c>\"</c> and <c>\n</c>; any other backslash stays, as it does in Prometheus.</summary>
    public static string Unescape(ReadOnlySpan<byte> text, bool quotes = true)
    {
        if (!text.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(text);
        }
        var plain = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var next = text[i] == '\\' && i + 1 < text.Length ? text[i + 1] : (byte)0;
            var resolved = next switch
            {
                (byte)'\\' => (byte)'\\',
                (byte)'n' => (byte)'\n',
                (byte)'"' when quotes => (byte)'"',
                _ => text[i],
            };
            if (next == '\\' || next == 'n' || (next == '"' && quotes))
            {
                i++;
            }
            plain[length++] = resolved;
        }
        return Encoding.UTF8.GetString(plain.AsSpan(0, length));
    }

    /// <summary>OpenMetrics' canonical number: always with a point or an exponent.</summary>
    public static string FormatBound(double value)
    {
        var text = GoFloat.FormatG(value);
        return double.IsFinite(value) && !text.AsSpan().ContainsAny('.', 'e') ? text + ".0" : text;
    }
}
