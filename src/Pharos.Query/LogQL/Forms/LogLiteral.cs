using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Forms;

/// <summary>Numbers, durations and sizes as queries write them.</summary>
internal static class LogLiteral
{
    /// <summary>As Prometheus writes durations, or else as Go does.</summary>
    public static bool TryDuration(string text, out long ns)
    {
        if (PrometheusDuration.TryParse(text, out var duration))
        {
            ns = duration.Ticks * TimeSpan.NanosecondsPerTick;
            return true;
        }
        Span<byte> bytes = stackalloc byte[64];
        ns = 0;
        return System.Text.Encoding.UTF8.TryGetBytes(text, bytes, out var length) && UnitText.TryDuration(bytes[..length], out ns);
    }

    public static bool TryBytes(string text, out ulong bytes)
    {
        Span<byte> utf8 = stackalloc byte[64];
        bytes = 0;
        return System.Text.Encoding.UTF8.TryGetBytes(text, utf8, out var length) && UnitText.TryBytes(utf8[..length], out bytes);
    }

    public static bool TryNumber(string text, out double value)
    {
        value = 0;
        return !text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && GoFloat.TryParse(text, out value);
    }

    /// <summary>As Go prints a float by itself.</summary>
    public static string Format(double value)
    {
        var magnitude = Math.Abs(value);
        return magnitude is 0 or (>= 1e-4 and < 1e21) ? GoFloat.FormatF(value) : GoFloat.FormatG(value);
    }

    public static string FormatDuration(long ns) => Templates.Functions.GoDuration.Format(ns);

    public static string FormatBytes(ulong bytes) => bytes.ToString(CultureInfo.InvariantCulture) + "B";
}
